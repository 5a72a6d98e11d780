// The part of JSON Schema that events and forms use. Anything else is refused, so that no change of it goes unnoticed.

export interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  propertyNames?: Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  /** Only further patterns. */
  allOf?: Schema[]
  not?: Schema
  enum?: unknown[]
  const?: unknown
  pattern?: string
  format?: string
  uniqueItems?: boolean
  multipleOf?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minProperties?: number
  maxProperties?: number
}

/** Keywords that limit what fits. */
const limiting = new Set([
  ...['type', 'properties', 'required', 'additionalProperties', 'propertyNames', 'items'],
  ...[
    'anyOf',
    'oneOf',
    'allOf',
    'not',
    'enum',
    'const',
    'pattern',
    'format',
    'uniqueItems',
    'multipleOf',
  ],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'minProperties', 'maxProperties'],
])
/** Keywords that only describe. */
const describing = new Set([
  ...['$schema', '$comment', 'title', 'description', 'default', 'examples', 'deprecated'],
])

/** Throws if the schema has a keyword that this comparison does not know. */
export function expectKnown(schema: Schema, path: string): void {
  const parts = (schema.allOf ?? []).flatMap(Object.keys).filter((key) => key !== 'pattern')
  const unknown = Object.keys(schema)
    .filter((key) => !limiting.has(key) && !describing.has(key))
    .concat(parts.map((key) => `allOf with ${key}`))
  if (unknown.length === 0) return
  throw new Error(
    `Expected JSON Schema keywords that scripts/compatibility/ compares at ${path || 'the top'}, found ${unknown.join(', ')}`,
  )
}

export const allTypes = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']

/** The types that the schema allows. A number is also an integer. */
export function typesOf({ type = allTypes }: Schema): string[] {
  const types = [type].flat()
  return types.includes('number') ? [...new Set([...types, 'integer'])] : types
}

/** One schema for each alternative. Something fits the schema if it fits one of them. */
export function alternativesOf(schema: Schema): Schema[] {
  const { anyOf, oneOf, ...rest } = schema
  const parts = anyOf ?? oneOf
  if (parts) return parts.flatMap((part) => alternativesOf({ ...rest, ...part }))
  const { type } = schema
  return Array.isArray(type) ? type.map((one) => ({ ...schema, type: one })) : [schema]
}
