// The manifests in kafka/ fit the schemas of Strimzi, and agree with the code.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import {
  problemsOf,
  type Resource,
  resourcesOf,
  schemaTitle,
  testWithSchemas,
} from './manifest-schemas.ts'

const files = ['strimzi/development', 'strimzi/topics', 'strimzi/production', 'topics']
const read = (file: string): Resource[] => resourcesOf(join('kafka', `${file}.yaml`))

testWithSchemas.each(files)(schemaTitle('kafka/%s.yaml fits the schemas'), (file) => {
  const resources = read(file)
  expect(resources.length).toBeGreaterThan(1)
  for (const resource of resources) {
    expect([resource.metadata.name, problemsOf(resource)]).toEqual([resource.metadata.name, []])
  }
})

testWithSchemas.each([
  ['an unknown field', 'KafkaTopic', { spec: { partition: 6 } }, 'additional properties'],
  ['a number as text', 'KafkaTopic', { spec: { partitions: '6' } }, 'must be integer'],
  ['a missing field', 'KafkaNodePool', { spec: { replicas: 3, roles: [] } }, "'storage'"],
  [
    'a value that is not allowed',
    'KafkaUser',
    { spec: { authentication: { type: 'plain' } } },
    'allowed values',
  ],
  ['an unknown nested field', 'Kafka', { spec: { kafka: { listeners: [{}], zone: 1 } } }, '"zone"'],
])(schemaTitle('%s is reported as an error'), (_what, kind, wrong, expected) => {
  const metadata = { name: 'a' }
  const problems = problemsOf({ apiVersion: 'kafka.strimzi.io/v1', kind, metadata, ...wrong })
  expect(problems.join()).toContain(expected)
})

test.each(files)('every resource in kafka/%s.yaml belongs to the cluster formstream', (file) => {
  const clusters = read(file).map(({ kind, metadata: { name, labels } }) =>
    kind === 'Kafka' ? name : labels?.['strimzi.io/cluster'],
  )
  expect(new Set(clusters)).toEqual(new Set(['formstream']))
})

test('kafka/compose.yaml and the local cluster run the same version of Kafka', () => {
  const pom = readFileSync('local/kafka/pom.xml', 'utf8')
  const version = /<kafka.version>(.*?)</.exec(pom)?.[1]
  const { services } = parse(readFileSync('kafka/compose.yaml', 'utf8'), { merge: true })
  const images = Object.values(services as Record<string, { image?: string }>)
    .map(({ image }) => image)
    .filter((image) => image?.startsWith('apache/kafka'))
  expect(images).toEqual(Array(3).fill(`apache/kafka:${version}`))
})

test('docs/kafka.md names exactly the KAFKA_ variables that the code reads', () => {
  const named = readFileSync('docs/kafka.md', 'utf8').match(/KAFKA_[A-Z_]+/g)
  expect(new Set(named)).toEqual(new Set(Object.keys(KafkaEnvironment.shape)))
})
