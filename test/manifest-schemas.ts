// Reads manifests, and validates resources against the schemas of Kubernetes and of the operators (Knative, Strimzi).
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { ValidateFunction } from 'ajv'
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js'
import { parse, parseAllDocuments } from 'yaml'

export interface Resource {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string> }
  spec?: Record<string, unknown>
  data?: Record<string, string>
}

/** A CustomResourceDefinition. */
interface Definition {
  spec: {
    group: string
    names: { kind: string }
    versions: { name: string; schema: { openAPIV3Schema: object } }[]
  }
}

/** A folder with the CustomResourceDefinitions of the releases of Strimzi and Knative. They are not part of this repository. */
const definitionsFolder = process.env.CRD_DIR ?? '../shared/crds'
const definitions = existsSync(definitionsFolder) ? readdirSync(definitionsFolder) : []
/** Schemas of the kinds that Kubernetes itself has. They allow no unknown fields. */
const kubernetesSchemas = '.cache/kubernetes/_definitions.json'

const missing =
  definitions.length === 0
    ? `no CustomResourceDefinitions in ${definitionsFolder}, see CRD_DIR`
    : !existsSync(kubernetesSchemas) &&
      'no schemas of Kubernetes, test/kubernetes-schemas.sh downloads them'

/** Runs a test only if all schemas are present. */
export const testWithSchemas = missing ? test.skip : test
/** The title of such a test, with the reason if it is skipped. */
export const schemaTitle = (title: string): string =>
  missing ? `${title} (skipped: ${missing})` : title

const kubectlWorks = spawnSync('kubectl', ['version', '--client']).status === 0
/** Runs a test only if kubectl is installed. */
export const testWithKubectl = kubectlWorks ? test : test.skip
export const testWithKubectlAndSchemas = kubectlWorks ? testWithSchemas : test.skip
/** The title of such a test, with the reason if it is skipped. */
export const kubectlTitle = (title: string): string =>
  kubectlWorks ? title : `${title} (skipped: no kubectl)`

/** Paths of the manifests in knative/base. */
export const baseFiles = readdirSync('knative/base')
  .filter((file) => file !== 'kustomization.yaml')
  .map((file) => join('knative/base', file))

export const resourcesOf = (file: string): Resource[] => parseResources(readFileSync(file, 'utf8'))

/** Resources that `kubectl kustomize` renders from a folder with a kustomization.yaml. */
export function renderOverlay(folder: string): Resource[] {
  const { stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return parseResources(stdout)
}

const parseResources = (text: string): Resource[] =>
  parseAllDocuments(text).map((document) => document.toJS())

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateFormats: false,
  unicodeRegExp: false,
})
const validators = new Map<string, ValidateFunction>()

/** Errors of a resource by the schema of its kind, one message each. */
export function problemsOf(resource: Resource): string[] {
  const { apiVersion, kind } = resource
  const name = `${apiVersion} ${kind}`
  const validate = validators.get(name) ?? ajv.compile(schemaOf(apiVersion, kind))
  validators.set(name, validate)
  validate(resource)
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

function schemaOf(apiVersion: string, kind: string): object {
  const ownKind = kubernetesSchema(apiVersion, kind)
  if (ownKind) return ownKind
  for (const name of definitions) {
    const text = readFileSync(join(definitionsFolder, name), 'utf8')
    if (!text.includes(`    kind: ${kind}\n`)) continue
    const { group, versions } = (parse(text) as Definition).spec
    const found = versions.find((version) => `${group}/${version.name}` === apiVersion)
    if (found) return closed(withMetadata(found.schema.openAPIV3Schema))
  }
  throw new Error(
    `Expected a definition of ${apiVersion} ${kind} in ${definitionsFolder}, found none`,
  )
}

interface KubernetesSchemas {
  $id: string
  $defs: Record<string, { 'x-kubernetes-group-version-kind'?: GroupVersionKind[] }>
}

interface GroupVersionKind {
  group: string
  version: string
  kind: string
}

function kubernetesSchema(apiVersion: string, kind: string): object | undefined {
  const schemas = JSON.parse(readFileSync(kubernetesSchemas, 'utf8')) as KubernetesSchemas
  if (!ajv.getSchema(schemas.$id)) ajv.addSchema(schemas)
  const matches = (one: GroupVersionKind) =>
    one.kind === kind && [one.group, one.version].filter(Boolean).join('/') === apiVersion
  const name = Object.keys(schemas.$defs).find((name) =>
    schemas.$defs[name]?.['x-kubernetes-group-version-kind']?.some(matches),
  )
  return name === undefined ? undefined : { $ref: `${schemas.$id}#/$defs/${name}` }
}

/** Adds the properties that every kind has, even if its definition does not list them. */
const withMetadata = (schema: { properties?: object }): object => ({
  ...schema,
  properties: { apiVersion: {}, kind: {}, metadata: {}, ...schema.properties },
})

/** Makes unknown fields errors, as `kubectl apply` does. */
const closed = (schema: object): object =>
  JSON.parse(JSON.stringify(schema), (_key, part) => {
    const closes =
      part?.type === 'object' &&
      part.properties &&
      part.additionalProperties === undefined &&
      !part['x-kubernetes-preserve-unknown-fields']
    return closes ? { ...part, additionalProperties: false } : part
  })
