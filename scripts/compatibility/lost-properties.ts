// Properties that a newer schema does not have any more. Where unknown ones are ignored no schema refuses that, but readers miss them.
import type { Schema } from './json-schema.ts'
import type { Narrowing } from './narrowings.ts'

/** Only those that were optional: the loss of a required one is a narrowing. */
export function lostProperties(older: Schema, newer: Schema, path = ''): Narrowing[] {
  const within = (name: string) => (path ? `${path}.${name}` : name)
  const properties = Object.entries(older.properties ?? {}).flatMap(([name, before]) => {
    const after = newer.properties?.[name]
    if (after) return lostProperties(before, after, within(name))
    if (older.required?.includes(name)) return []
    return [{ path: within(name), what: 'presence', from: 'absent', to: 'optional' }]
  })
  const nested = (['items', 'additionalProperties'] as const).flatMap((keyword) => {
    const [before, after] = [older[keyword], newer[keyword]]
    const both = typeof before === 'object' && typeof after === 'object'
    return both ? lostProperties(before, after, within('*')) : []
  })
  return [...properties, ...nested]
}
