// Compares two JSON Schemas: where does one refuse what the other allows?
import { Ajv2020 } from 'ajv/dist/2020.js'
import { alternativesOf, expectKnown, type Schema, typesOf } from './json-schema.ts'
import { tighterLimits } from './limits.ts'

export interface Narrowing {
  /** Names with dots between them; `*` for any name and for the items of a list. Empty for the whole. */
  path: string
  /** The keyword, `values` of an enum, or `presence` of a property. */
  what: string
  /** What each side says, in words. */
  from: string
  to: string
}

/** Whether `to` refuses properties that it does not have, or ignores them. */
export type Unknown = 'refused' | 'ignored'

/** The places where `to` refuses something that `from` allows. Empty if all that fits `from` fits `to`. */
export function narrowings(from: Schema, to: Schema, unknown: Unknown): Narrowing[] {
  return new Comparison(unknown).compare(from, to, '')
}

class Comparison {
  #unknown: Unknown

  constructor(unknown: Unknown) {
    this.#unknown = unknown
  }

  compare(from: Schema, to: Schema, path: string): Narrowing[] {
    for (const schema of [from, to]) expectKnown(schema, path)
    return alternativesOf(from).flatMap((one) => this.#ofAlternative(one, to, path))
  }

  /** The narrowings in the alternative of `to` that fits best. */
  #ofAlternative(from: Schema, to: Schema, path: string): Narrowing[] {
    const values = valuesOf(from)
    if (values) return ofValues(values, to, path)
    const sameType = alternativesOf(to).filter((one) => allowsTypes(from, one))
    const [best] = sameType
      .map((one) => this.#ofSameType(from, one, path))
      .toSorted((a, b) => a.length - b.length)
    return best ?? [{ path, what: 'type', from: typeText(from), to: typeText(to) }]
  }

  #ofSameType(from: Schema, to: Schema, path: string): Narrowing[] {
    for (const schema of [from, to]) expectKnown(schema, path)
    const listed = valuesOf(to)
    if (listed) return [{ path, what: 'values', from: 'any', to: listText(listed) }]
    return [
      ...tighterLimits(from, to).map((limit) => ({ path, ...limit })),
      ...this.#ofItems(from, to, path),
      ...this.#ofProperties(from, to, path),
      ...this.#ofOtherNames(from, to, path),
    ]
  }

  #ofItems({ items: from = {} }: Schema, { items: to }: Schema, path: string): Narrowing[] {
    return to ? this.compare(from, to, within(path, '*')) : []
  }

  #ofProperties(from: Schema, to: Schema, path: string): Narrowing[] {
    const names = new Set([
      ...Object.keys(from.properties ?? {}),
      ...Object.keys(to.properties ?? {}),
    ])
    return [...names].flatMap((name) => this.#ofProperty(from, to, { name, path }))
  }

  #ofProperty(
    from: Schema,
    to: Schema,
    { name, path }: { name: string; path: string },
  ): Narrowing[] {
    const at = within(path, name)
    const [before, after] = [presenceOf(from, name), presenceOf(to, name)]
    const presence = { path: at, what: 'presence', from: before, to: after }
    const known = to.properties?.[name] ?? otherNames(to)
    if (!known) return this.#unknown === 'refused' ? [presence] : []
    const missing = after === 'required' && before !== 'required' ? [presence] : []
    const sent = from.properties?.[name]
    return sent ? [...missing, ...this.compare(sent, known, at)] : missing
  }

  /** Of mappings with any names, such as the answers of a form. */
  #ofOtherNames(from: Schema, to: Schema, path: string): Narrowing[] {
    const [sent, known] = [otherNames(from), otherNames(to)]
    if (!sent) return []
    const at = within(path, '*')
    if (!known) return [{ path: at, what: 'presence', from: 'any names', to: 'no other names' }]
    return [
      ...this.compare(
        from.propertyNames ?? anyName,
        to.propertyNames ?? anyName,
        within(path, 'names'),
      ),
      ...this.compare(sent, known, at),
    ]
  }
}

const anyName: Schema = { type: 'string' }

const within = (path: string, name: string): string => (path ? `${path}.${name}` : name)

const otherNames = ({ additionalProperties }: Schema): Schema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined

function presenceOf({ properties, required = [] }: Schema, name: string): string {
  if (required.includes(name)) return 'required'
  return properties && name in properties ? 'optional' : 'absent'
}

const allowsTypes = (from: Schema, to: Schema): boolean => {
  const allowed = typesOf(to)
  return typesOf(from).every((type) => allowed.includes(type))
}

function typeText(schema: Schema): string {
  const types = alternativesOf(schema).flatMap(({ type }) => type ?? 'anything')
  return [...new Set(types)].join(' or ')
}

const valuesOf = (schema: Schema): unknown[] | undefined =>
  'const' in schema ? [schema.const] : schema.enum

const ajv = new Ajv2020({ strict: false, validateFormats: false })

function ofValues(values: unknown[], to: Schema, path: string): Narrowing[] {
  const fits = ajv.compile(to)
  if (values.every((value) => fits(value))) return []
  const listed = alternativesOf(to).flatMap((one) => valuesOf(one) ?? [])
  const allowed = listed.length > 0 ? listText(listed) : typeText(to)
  return [{ path, what: 'values', from: listText(values), to: allowed }]
}

const listText = (values: unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join(', ')
