// The manifests under kafka/ fit the resource definitions of the operators, and say what the code says.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse, parseAllDocuments } from 'yaml'
import { KafkaEnvironment } from '#kafka/kafka-environment.ts'

interface Resource {
  apiVersion: string
  kind: string
  metadata: { name: string; labels?: Record<string, string> }
}

interface Definition {
  spec: {
    group: string
    names: { kind: string }
    versions: { name: string; schema: { openAPIV3Schema: object } }[]
  }
}

const files = [
  'strimzi/development.yaml',
  'strimzi/topics.yaml',
  'strimzi/production.yaml',
  'topics.yaml',
]

const resourcesOf = (file: string): Resource[] =>
  parseAllDocuments(readFileSync(join('kafka', file), 'utf8')).map((document) => document.toJS())

/** A folder with the CustomResourceDefinitions of Strimzi, as its release has them; they are not part of this repository. */
const folder = process.env.CRD_DIR ?? '../shared/crds'
const definitions = existsSync(folder) ? readdirSync(folder) : []
const title = (what: string): string =>
  definitions.length > 0 ? what : `${what} (skipped: no definitions in ${folder}, see CRD_DIR)`
const checked = definitions.length > 0 ? test : test.skip

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateFormats: false,
  unicodeRegExp: false,
})
const validators = new Map<string, ValidateFunction>()

/** What is wrong with a resource, by its definition. */
function problemsOf(resource: Resource): string[] {
  const { apiVersion, kind } = resource
  const validate = validators.get(kind) ?? ajv.compile(schemaOf(apiVersion, kind))
  validators.set(kind, validate)
  validate(resource)
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

function schemaOf(apiVersion: string, kind: string): object {
  for (const name of definitions) {
    const text = readFileSync(join(folder, name), 'utf8')
    if (!text.includes(`    kind: ${kind}\n`)) continue
    const { group, versions } = (parse(text) as Definition).spec
    const found = versions.find((version) => `${group}/${version.name}` === apiVersion)
    if (found) return closed(found.schema.openAPIV3Schema)
  }
  throw new Error(`Expected a definition of ${apiVersion} ${kind} in ${folder}, found none`)
}

/** As `kubectl apply` does it: a field that the definition does not name is an error. */
const closed = (schema: object): object =>
  JSON.parse(JSON.stringify(schema), (_key, part) => {
    const closes =
      part?.type === 'object' &&
      part.properties &&
      part.additionalProperties === undefined &&
      !part['x-kubernetes-preserve-unknown-fields']
    return closes ? { ...part, additionalProperties: false } : part
  })

checked.each(files)(title('kafka/%s fits the definitions'), (file) => {
  const resources = resourcesOf(file)
  expect(resources.length).toBeGreaterThan(1)
  for (const resource of resources) {
    expect([resource.metadata.name, problemsOf(resource)]).toEqual([resource.metadata.name, []])
  }
})

checked.each([
  ['a field that is none', 'KafkaTopic', { spec: { partition: 6 } }, 'additional properties'],
  ['a number as text', 'KafkaTopic', { spec: { partitions: '6' } }, 'must be integer'],
  ['a missing field', 'KafkaNodePool', { spec: { replicas: 3, roles: [] } }, "'storage'"],
  ['a wrong word', 'KafkaUser', { spec: { authentication: { type: 'plain' } } }, 'allowed values'],
  ['an unknown part', 'Kafka', { spec: { kafka: { listeners: [{}], zone: 1 } } }, '"zone"'],
])(title('%s is refused'), (_what, kind, wrong, expected) => {
  const metadata = { name: 'a' }
  const problems = problemsOf({ apiVersion: 'kafka.strimzi.io/v1', kind, metadata, ...wrong })
  expect(problems.join()).toContain(expected)
})

test.each(files)('all of kafka/%s belongs to the cluster formstream', (file) => {
  const clusters = resourcesOf(file).map(({ kind, metadata: { name, labels } }) =>
    kind === 'Kafka' ? name : labels?.['strimzi.io/cluster'],
  )
  expect(new Set(clusters)).toEqual(new Set(['formstream']))
})

test('the containers run the Kafka that the local cluster runs', () => {
  const pom = readFileSync('kafka/local/pom.xml', 'utf8')
  const version = /<kafka.version>(.*?)</.exec(pom)?.[1]
  const { services } = parse(readFileSync('kafka/compose.yaml', 'utf8'), { merge: true })
  const images = Object.values(services as Record<string, { image?: string }>)
    .map(({ image }) => image)
    .filter((image) => image?.startsWith('apache/kafka'))
  expect(images).toEqual(Array(3).fill(`apache/kafka:${version}`))
})

test('docs/kafka.md names the variables that the code reads', () => {
  const named = readFileSync('docs/kafka.md', 'utf8').match(/KAFKA_[A-Z_]+/g)
  expect(new Set(named)).toEqual(new Set(Object.keys(KafkaEnvironment.shape)))
})
