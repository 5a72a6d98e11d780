// What is wrong with a resource, by the schemas of who takes it: the definitions of operators, and Kubernetes' own kinds.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from '@jest/globals'
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

interface Definition {
  spec: {
    group: string
    names: { kind: string }
    versions: { name: string; schema: { openAPIV3Schema: object } }[]
  }
}

/** A folder with the CustomResourceDefinitions of Strimzi and Knative, as their releases have them: not part of this repository. */
const folder = process.env.CRD_DIR ?? '../shared/crds'
const definitions = existsSync(folder) ? readdirSync(folder) : []
/** All of Kubernetes' own kinds, closed: an unknown field is an error. */
const own = '.cache/kubernetes/_definitions.json'

const lacking =
  definitions.length === 0
    ? `no definitions in ${folder}, see CRD_DIR`
    : !existsSync(own) && 'no schemas of Kubernetes: test/kubernetes-schemas.sh brings them'

/** Named so that a skipped one says why. */
export const title = (what: string): string => (lacking ? `${what} (skipped: ${lacking})` : what)
export const checked = lacking ? test.skip : test

export const resourcesOf = (file: string): Resource[] =>
  parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS())

const ajv = new Ajv({
  strict: false,
  allErrors: true,
  validateFormats: false,
  unicodeRegExp: false,
})
const validators = new Map<string, ValidateFunction>()

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
  const own = ownSchema(apiVersion, kind)
  if (own) return own
  for (const name of definitions) {
    const text = readFileSync(join(folder, name), 'utf8')
    if (!text.includes(`    kind: ${kind}\n`)) continue
    const { group, versions } = (parse(text) as Definition).spec
    const found = versions.find((version) => `${group}/${version.name}` === apiVersion)
    if (found) return closed(withMetadata(found.schema.openAPIV3Schema))
  }
  throw new Error(`Expected a definition of ${apiVersion} ${kind} in ${folder}, found none`)
}

interface OwnSchemas {
  $id: string
  $defs: Record<string, { 'x-kubernetes-group-version-kind'?: OwnKind[] }>
}

interface OwnKind {
  group: string
  version: string
  kind: string
}

function ownSchema(apiVersion: string, kind: string): object | undefined {
  const schemas = JSON.parse(readFileSync(own, 'utf8')) as OwnSchemas
  if (!ajv.getSchema(schemas.$id)) ajv.addSchema(schemas)
  const is = (one: OwnKind) =>
    one.kind === kind && [one.group, one.version].filter(Boolean).join('/') === apiVersion
  const name = Object.keys(schemas.$defs).find((name) =>
    schemas.$defs[name]?.['x-kubernetes-group-version-kind']?.some(is),
  )
  return name === undefined ? undefined : { $ref: `${schemas.$id}#/$defs/${name}` }
}

/** Every kind has these, whether its definition says so or not. */
const withMetadata = (schema: { properties?: object }): object => ({
  ...schema,
  properties: { apiVersion: {}, kind: {}, metadata: {}, ...schema.properties },
})

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
