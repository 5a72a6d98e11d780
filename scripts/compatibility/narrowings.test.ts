// Each rule with a change that it reports and one that it does not.
import { describe, expect, test } from '@jest/globals'
import * as z from 'zod'
import type { Schema } from './json-schema.ts'
import { narrowings } from './narrowings.ts'

const text = (narrowing: { path: string; what: string; from: string; to: string }): string =>
  `${narrowing.path} ${narrowing.what}: ${narrowing.from} → ${narrowing.to}`.trim()

const compare = (from: z.ZodType, to: z.ZodType): string[] =>
  narrowings(z.toJSONSchema(from) as Schema, z.toJSONSchema(to) as Schema, 'ignored').map(text)

type Change = [what: string, from: z.ZodType, to: z.ZodType, found: string[]]

const a = z.string()
const changes: Change[] = [
  ['another type', z.object({ a }), z.object({ a: z.boolean() }), ['a type: string → boolean']],
  [
    'a number that must be whole',
    z.number(),
    z.int().min(-9e15).max(9e15),
    ['type: number → integer'],
  ],
  [
    'a property that becomes required',
    z.object({ a: a.optional() }),
    z.object({ a }),
    ['a presence: optional → required'],
  ],
  ['a new required property', z.object({}), z.object({ a }), ['a presence: absent → required']],
  ['a value that is removed', z.enum(['x', 'y']), z.enum(['x']), ['values: "x", "y" → "x"']],
  ['values in place of any text', a, z.enum(['x']), ['values: any → "x"']],
  ['another constant', z.literal('x'), z.literal('y'), ['values: "x" → "y"']],
  ['a value that is too long', z.enum(['xyz']), a.max(2), ['values: "xyz" → string']],
  ['a higher minimum', z.number().min(1), z.number().min(2), ['minimum: 1 → 2']],
  ['a lower maximum', z.number().max(9), z.number().max(5), ['maximum: 9 → 5']],
  ['a new minimum', z.number(), z.number().min(0), ['minimum: no limit → 0']],
  [
    'a minimum that is excluded',
    z.number().min(0),
    z.number().positive(),
    ['minimum: 0 → 0, not included'],
  ],
  ['a shorter text', a.max(9), a.max(5), ['maxLength: 9 → 5']],
  ['a longer text', a, a.min(2), ['minLength: no limit → 2']],
  ['fewer items', z.array(a).max(9), z.array(a).max(5), ['maxItems: 9 → 5']],
  ['more items', z.array(a), z.array(a).min(1), ['minItems: no limit → 1']],
  ['other items', z.array(a), z.array(z.number()), ['* type: string → number']],
  ['another pattern', a.regex(/^x/), a.regex(/^y/), ['pattern: ^x → ^y']],
  [
    'a new format',
    a,
    z.email({ pattern: /./ }),
    ['pattern: no limit → .', 'format: no limit → email'],
  ],
  ['another multiple', z.number().multipleOf(2), z.number().multipleOf(3), ['multipleOf: 2 → 3']],
  ['null', a.nullable(), a, ['type: null → string']],
  ['an alternative that is removed', z.union([a, z.boolean()]), a, ['type: boolean → string']],
  ['a type in place of anything', z.unknown(), a, ['type: anything → string']],
  [
    'other values of a mapping',
    z.record(a, a),
    z.record(a, z.number()),
    ['* type: string → number'],
  ],
  [
    'other names of a mapping',
    z.record(a, a),
    z.record(a.max(5), a),
    ['names maxLength: no limit → 5'],
  ],
  [
    'properties in place of a mapping',
    z.record(a, a),
    z.object({ a: a.optional() }),
    ['* presence: any names → no other names'],
  ],
  [
    'changes deep inside',
    z.object({ a: z.array(z.object({ b: z.record(a, a.max(9)) })) }),
    z.object({ a: z.array(z.object({ b: z.record(a, a.max(5)) })) }),
    ['a.*.b.* maxLength: 9 → 5'],
  ],
]

describe('what refuses something that was allowed is found', () => {
  test.each(changes)('%s', (_what, from, to, found) => {
    expect(compare(from, to)).toEqual(found)
  })
})

describe('the same change the other way round is not', () => {
  const bothWays = [
    ...['another type', 'another constant', 'another pattern', 'another multiple', 'other items'],
    ...[
      'other values of a mapping',
      'a value that is too long',
      'properties in place of a mapping',
    ],
  ]
  const oneWay = changes.filter(([what]) => !bothWays.includes(what))
  test.each(oneWay)('%s', (_what, from, to) => {
    expect(compare(to, from)).toEqual([])
  })
})

test('descriptions do not count', () => {
  const described = z.object({ a: a.describe('A text').meta({ examples: ['x'] }) })
  expect([compare(z.object({ a }), described), compare(described, z.object({ a }))]).toEqual([
    [],
    [],
  ])
})

test('a property that only one side has does not count where unknown ones are ignored, and counts where they are refused', () => {
  const [older, newer] = [z.object({ a, b: a.optional() }), z.object({ a })].map(
    (schema) => z.toJSONSchema(schema) as Schema,
  )
  expect(narrowings(older!, newer!, 'ignored')).toEqual([])
  expect(narrowings(older!, newer!, 'refused').map(text)).toEqual(['b presence: optional → absent'])
})

test('an integer may become a number, and a positive integer is at least 1', () => {
  expect(compare(z.int(), z.number())).toEqual([])
  expect([
    compare(z.int().positive(), z.int().min(1)),
    compare(z.int().min(1), z.int().positive()),
  ]).toEqual([[], []])
})

test('an alternative fits if one of the other side takes it', () => {
  const older = z.union([z.object({ kind: z.literal('x'), a }), z.object({ kind: z.literal('y') })])
  const newer = z.union([
    z.object({ kind: z.literal('y') }),
    z.object({ kind: z.literal('x'), a, b: a.optional() }),
  ])
  expect([compare(older, newer), compare(newer, older)]).toEqual([[], []])
})

test('all patterns must be kept', () => {
  const [one, two] = [
    { type: 'string', pattern: 'x' },
    { type: 'string', pattern: 'y', allOf: [{ pattern: 'x' }] },
  ]
  expect(narrowings(two as Schema, one as Schema, 'ignored')).toEqual([])
  expect(narrowings(one as Schema, two as Schema, 'ignored').map(text)).toEqual([
    'pattern: x → y and x',
  ])
})

test.each([
  [{ $ref: '#/a' }, '$ref'],
  [{ prefixItems: [] }, 'prefixItems'],
  [{ allOf: [{ type: 'string' }] }, 'allOf with type'],
])('a keyword that is not compared is an error: %j', (schema, keyword) => {
  const within = { type: 'object', properties: { a: schema } } as Schema
  const message = `Expected JSON Schema keywords that scripts/compatibility/ compares at a, found ${keyword}`
  expect(() => narrowings(within, within, 'ignored')).toThrow(message)
})
