// Limits in JSON Schemas: which limit of one is tighter than that of the other?
import { isDeepStrictEqual } from 'node:util'
import type { Schema } from './json-schema.ts'

export interface TighterLimit {
  what: string
  from: string
  to: string
}

/** Limits of `to` that refuse something that `from` allows. Both are of the same type. */
export function tighterLimits(from: Schema, to: Schema): TighterLimit[] {
  return [...smallest(from, to), ...largest(from, to), ...sizes(from, to), ...others(from, to)]
}

interface Bound {
  value: number
  /** The value itself is not allowed. */
  open: boolean
}

function smallest(from: Schema, to: Schema): TighterLimit[] {
  const [before, after] = [lowerBound(from), lowerBound(to)]
  return isTighter(after, before) ? [limit('minimum', before, after)] : []
}

function largest(from: Schema, to: Schema): TighterLimit[] {
  const [before, after] = [upperBound(from), upperBound(to)]
  return isTighter(negated(after), negated(before)) ? [limit('maximum', before, after)] : []
}

const limit = (what: string, from: Bound, to: Bound): TighterLimit => ({
  what,
  from: boundText(from),
  to: boundText(to),
})

const isTighter = (one: Bound, other: Bound): boolean =>
  one.value > other.value || (one.value === other.value && one.open && !other.open)

const negated = ({ value, open }: Bound): Bound => ({ value: -value, open })

/** The smallest integer above an open bound is a closed one. */
function lowerBound({ type, minimum = -Infinity, exclusiveMinimum = -Infinity }: Schema): Bound {
  if (exclusiveMinimum < minimum || exclusiveMinimum === -Infinity) {
    return { value: minimum, open: false }
  }
  if (type === 'integer') return { value: Math.floor(exclusiveMinimum) + 1, open: false }
  return { value: exclusiveMinimum, open: true }
}

function upperBound({ type, maximum = Infinity, exclusiveMaximum = Infinity }: Schema): Bound {
  if (exclusiveMaximum > maximum || exclusiveMaximum === Infinity) {
    return { value: maximum, open: false }
  }
  if (type === 'integer') return { value: Math.ceil(exclusiveMaximum) - 1, open: false }
  return { value: exclusiveMaximum, open: true }
}

const boundText = ({ value, open }: Bound): string => {
  if (!Number.isFinite(value)) return 'no limit'
  return open ? `${value}, not included` : String(value)
}

const least = ['minLength', 'minItems', 'minProperties'] as const
const most = ['maxLength', 'maxItems', 'maxProperties'] as const

function sizes(from: Schema, to: Schema): TighterLimit[] {
  const tighter = [
    ...least.filter((what) => (to[what] ?? 0) > (from[what] ?? 0)),
    ...most.filter((what) => (to[what] ?? Infinity) < (from[what] ?? Infinity)),
  ]
  return tighter.map((what) => ({ what, from: written(from[what]), to: written(to[what]) }))
}

const equal = ['format', 'uniqueItems', 'multipleOf', 'not'] as const

/** Whether one pattern allows all that another does cannot be told, so each must be there as it is. */
function others(from: Schema, to: Schema): TighterLimit[] {
  const added = patternsOf(to).some((pattern) => !patternsOf(from).includes(pattern))
  const patterns = {
    from: patternsOf(from).join(' and ') || undefined,
    to: patternsOf(to).join(' and '),
  }
  const changed = equal.filter(
    (what) => to[what] !== undefined && !isDeepStrictEqual(to[what], from[what]),
  )
  return [
    ...(added ? [{ what: 'pattern', from: written(patterns.from), to: written(patterns.to) }] : []),
    ...changed.map((what) => ({ what, from: written(from[what]), to: written(to[what]) })),
  ]
}

const patternsOf = ({ pattern, allOf = [] }: Schema): string[] => [
  ...(pattern === undefined ? [] : [pattern]),
  ...allOf.flatMap(patternsOf),
]

function written(value: unknown): string {
  if (value === undefined) return 'no limit'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
