// For answers in their own types, the JSON Schema of a form accepts exactly what the form's own check accepts.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { RE2JS } from 're2js'
import { findFieldTypes } from '../find-field-types.ts'
import { formOf } from '../form.fixture.ts'
import type { Form } from '../form.ts'
import { compileForm } from './compile-form.ts'

function validatorOf(form: Form) {
  const ajv = new Ajv2020({ strict: true })
  formats.default(ajv)
  return ajv.compile(form.jsonSchema)
}

const invisible = [
  '\u200b',
  '\u2060',
  '\u3164',
  '\u2800',
  '\u00ad',
  '\ufe0f',
  '\u{e0041}',
  '\u0301',
  ' \u200d ',
]

const samples: [field: string, valid: unknown[], wrong: unknown[]][] = [
  ['{ type: text, min: 2, max: 3 }', ['ab', '😀😀😀'], ['a', 'abcd', '😀😀😀😀', null, true, []]],
  ['{ type: text }', ['a', 'é'.repeat(500)], [undefined, '', '  ', '\u0007', 'x'.repeat(501)]],
  ['{ type: text }', ['a\u200d', '👩\u200d💻', '❤\ufe0f', 'क्\u200dष'], invisible],
  ['{ type: multiline }', ['\u200b\na'], invisible],
  ["{ type: text, pattern: '.*' }", ['a'], invisible],
  ["{ type: text, pattern: '.*', required: false }", ['a', ''], [{}]],
  ["{ type: text, pattern: '[a-c]|\\d{2}' }", ['a', '12'], ['1', 'ab', 'a1']],
  ['{ type: text, required: false }', [undefined, '', 'a'], [{}, 'x'.repeat(501)]],
  ['{ type: multiline, max: 5 }', ['a\nb'], ['a\nb\ncd', '\n']],
  ['{ type: number, min: 0, max: 10 }', [0, 8.04, 10], [-0.1, 10.5, null, [], 'ten']],
  ['{ type: integer }', [-3, 0, 9007199254740991], [1.5, 9007199254740992, 'x']],
  ['{ type: choice, options: [F, M] }', ['F'], ['f', '', true, ['F']]],
  ['{ type: multi-choice, options: [a, b] }', [['a'], ['b', 'a']], [[], ['a', 'a'], ['z'], {}]],
  ['{ type: multi-choice, options: [a], required: false }', [[], undefined], [['z'], [[]]]],
  ['{ type: boolean }', [true, false], ['yes', 1, null]],
  ['{ type: boolean, mustBe: true }', [true], [false, 'yes', null]],
  [
    '{ type: date }',
    ['2024-02-29', '2000-01-01'],
    ['2023-02-29', '1900-02-29', '2024-13-01', 'x', 1],
  ],
  [
    '{ type: date, min: 1999-12-31, max: 2024-06-30 }',
    ['1999-12-31', '2000-01-01', '2010-10-10', '2024-06-30', '2024-01-31'],
    ['1999-12-30', '0999-12-31', '2024-07-01', '2024-10-01', '3000-01-01'],
  ],
  ['{ type: email }', ['a.b+c@d-e.fg'], ['a..b@c.de', 'a@b', 'a@b-.de', `${'a'.repeat(65)}@b.de`]],
  [
    '{ type: phone, region: IN }',
    ['7004465984', '+91 70044 65984'],
    ['call me', '', '7'.repeat(33)],
  ],
  [
    '{ type: url }',
    ['http://a.b/?c=%20#d', 'https://a.b'],
    ['ftp://a.b/', 'http://a.b/%zz', 'a.b'],
  ],
]

test.each(samples)('%s: schema and check agree', (field, valid, wrong) => {
  const form = formOf({ a: field })
  const validate = validatorOf(form)
  for (const [expected, values] of [
    [true, valid],
    [false, wrong],
  ] as const) {
    for (const value of values) {
      const answers = value === undefined ? {} : { a: value }
      expect([value, validate(answers), form.parse(answers).ok]).toEqual([
        value,
        expected,
        expected,
      ])
    }
  }
})

test('answers of an HTML form, once parsed, match the schema', async () => {
  const file = new URL('../../../../forms/student-data.yaml', import.meta.url)
  const form = compileForm(
    { name: 'student-data.yaml', text: readFileSync(file, 'utf8') },
    { types: await findFieldTypes(), knownTasks: {}, others: 'unchecked' },
  )
  if (!form.ok) throw new Error('Expected a form')
  const sent = {
    name: ' Ann ',
    roll: 1,
    university: 'B',
    cgpa: '8.04',
    gender: 'F',
    age: '10.11',
    email: 'a@B.de',
    mobile: '7004465984',
  }
  const parsed = form.form.parse(sent)
  expect(validatorOf(form.form)(parsed.ok && parsed.answers)).toBe(true)
})

test('the schema has the titles of form and fields, lists required fields and allows no others', () => {
  const form = formOf({
    a: '{ type: text, label: First, help: A word }',
    b: '{ type: boolean, required: false }',
  })
  expect(form.jsonSchema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A form',
    properties: {
      a: { title: 'First', description: 'A word' },
      b: { title: 'b', type: 'boolean' },
    },
    required: ['a'],
    additionalProperties: false,
  })
})

test('the schema requires required fields of every type', async () => {
  const options: Record<string, string> = {
    choice: ', options: [a]',
    'multi-choice': ', options: [a]',
  }
  const names = [...(await findFieldTypes()).keys()]
  const fields = names.map((type, index) => [
    `f${index}`,
    `{ type: ${type}${options[type] ?? ''} }`,
  ])
  const { jsonSchema } = formOf(Object.fromEntries(fields))
  expect(jsonSchema).toMatchObject({ required: fields.map(([name]) => name) })
})

test('each pattern of the schema also compiles with RE2, which has no look-ahead', async () => {
  const options: Record<string, string> = {
    choice: ', options: [a]',
    'multi-choice': ', options: [a]',
    date: ', min: 2024-01-31, max: 2025-02-28',
  }
  const types = [...(await findFieldTypes()).keys()]
  const fields = types.map((type, n) => [`f${n}`, `{ type: ${type}${options[type] ?? ''} }`])
  const schema = JSON.stringify(formOf(Object.fromEntries(fields)).jsonSchema)
  const patterns = [...schema.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, pattern]) =>
    String(JSON.parse(pattern as string)),
  )
  expect(patterns.length).toBeGreaterThan(5)
  for (const pattern of patterns) {
    expect(pattern).not.toMatch(/\(\?<?[=!]/)
    expect(() => RE2JS.compile(pattern)).not.toThrow()
  }
})
