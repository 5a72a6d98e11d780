// What a form's file may say, and what is said where it is wrong.
import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { findFieldTypes } from './field-types.ts'
import { compileForm } from './form.ts'
import type { KnownTasks } from './form-tasks.ts'
import { problemsIn, yamlOf } from './given-form.ts'

const Slang = z.strictObject({ fields: z.array(z.string()).min(1) })
const Sheets = z.strictObject({ spreadsheet: z.string(), tab: z.string().default('Responses') })
const knownTasks: KnownTasks = {
  sheets: { options: Sheets },
  slang: { options: Slang, fieldsIn: (options) => Slang.parse(options).fields },
}

test('a file becomes a form', async () => {
  const text = `title: Contact
path: /contact/
fields:
  name: { type: text, label: Your name, help: As friends call you }
  age: { type: integer, required: false }
tasks: { sheets: { spreadsheet: x }, slang: { fields: [name] } }
`
  const rules = { types: await findFieldTypes(), knownTasks }
  const compiled = compileForm({ name: 'forms/contact-us.yaml', text }, rules)
  expect(compiled).toMatchObject({
    ok: true,
    form: {
      id: 'contact-us',
      title: 'Contact',
      path: '/contact/',
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
      fields: {
        name: {
          name: 'name',
          type: 'text',
          label: 'Your name',
          required: true,
          help: 'As friends call you',
        },
        age: { name: 'age', type: 'integer', label: 'age', required: false },
      },
      tasks: { sheets: { spreadsheet: 'x', tab: 'Responses' }, slang: { fields: ['name'] } },
    },
  })
})

test('all that is wrong is said at once, with line, path, expected and found', () => {
  const text = `title: 7
colour: red
path: /health/
fields:
  id: { type: text }
  a: { type: number, min: 5, max: ten }
  b: { type: number, min: 5, max: 1, lable: B }
  c:
    type: choice
    options:
      - x
      - x
  d: { type: txt }
  e: 7
  f: { required: maybe }
  __proto__: { type: text }
tasks:
  sheet: {}
  sheets: { tab: 1 }
  slang: { fields: [zz] }
`
  const types =
    'boolean, choice, date, email, integer, multi-choice, multiline, number, phone, text, url'
  expect(problemsIn(text, { knownTasks })).toEqual([
    'forms/a.yaml:1: title: expected text, found 7',
    'forms/a.yaml:3: path: expected a path of its own, found "/health/"',
    'forms/a.yaml:2: colour: expected one of title, path, fields, tasks, found "colour"',
    'forms/a.yaml:5: fields.id: expected a name that is not reserved, found "id"',
    'forms/a.yaml:6: fields.a.max: expected a number, found "ten"',
    'forms/a.yaml:7: fields.b.lable: expected one of type, label, required, help, min, max, found "lable"',
    'forms/a.yaml:7: fields.b.min: expected at most 1, as max is, found 5',
    'forms/a.yaml:12: fields.c.options.1: expected each option once, found "x"',
    `forms/a.yaml:13: fields.d.type: expected one of ${types}, found "txt"`,
    'forms/a.yaml:14: fields.e: expected a mapping, found 7',
    'forms/a.yaml:15: fields.f.type: expected text, found nothing',
    'forms/a.yaml:15: fields.f.required: expected true or false, found "maybe"',
    'forms/a.yaml:16: fields.__proto__: expected a name of letters, digits and _ that begins with a letter, found "__proto__"',
    'forms/a.yaml:18: tasks.sheet: expected one of sheets, slang, found "sheet"',
    'forms/a.yaml:19: tasks.sheets.spreadsheet: expected text, found nothing',
    'forms/a.yaml:19: tasks.sheets.tab: expected text, found 1',
    'forms/a.yaml:20: tasks.slang: expected only fields of this form (id, a, b, c, d, e, f, __proto__), as the task slang needs it, found "{\\"fields\\":[\\"zz\\"]}"',
  ])
})

const wrongFields: [field: string, problem: string][] = [
  ['{ type: text, min: 600 }', 'min: expected at most 500, as max is, found 600'],
  ['{ type: text, max: 5000 }', 'max: expected at most 2000, found 5000'],
  ["{ type: text, pattern: '(a' }", 'pattern: expected a regular expression that compiles'],
  [
    "{ type: text, pattern: '(?=a)' }",
    'pattern: expected a regular expression without look-around',
  ],
  ['{ type: choice }', 'options: expected a list, found nothing'],
  ['{ type: choice, options: [] }', 'options: expected at least 1 entries, found a list'],
  ['{ type: choice, options: [true] }', 'options.0: expected text, found true'],
  ['{ type: multi-choice, options: [1, "1"] }', 'options.1: expected each option once, found "1"'],
  [
    '{ type: phone, region: in }',
    'region: expected a region of two capital letters, like IN, found "in"',
  ],
  ['{ type: date, min: 2024-02-30 }', 'min: expected a date as YYYY-MM-DD, found "2024-02-30"'],
  [
    '{ type: date, min: 2024-02-02, max: 2024-02-01 }',
    'min: expected at most 2024-02-01, as max is',
  ],
  ['{ type: integer, min: 0.5 }', 'min: expected a whole number, found 0.5'],
  ['{ type: email, max: 5 }', 'max: expected one of type, label, required, help, found "max"'],
]

test.each(wrongFields)('%s is refused', (field, problem) => {
  const problems = problemsIn(yamlOf({ a: field }))
  expect(problems).toEqual([expect.stringContaining(`forms/a.yaml:3: fields.a.${problem}`)])
})

const wrongFiles: [text: string, problem: string][] = [
  ['', '1: expected a mapping, found nothing'],
  ['- a', '1: expected a mapping, found a list'],
  ['title: a\ntitle: b', '2: expected valid YAML, found: Map keys must be unique'],
  ['title: a\n---\ntitle: b', '2: expected valid YAML, found: Source contains multiple documents'],
  ['title: [', '1: expected valid YAML, found: Flow sequence'],
  ['title: !!js/function a', '1: expected valid YAML, found: Unresolved tag'],
  ['title: *a', '1: expected valid YAML, found: Unresolved alias'],
  [`a: &a [x]\nb: [${'*a,'.repeat(30)}]`, '1: expected valid YAML, found: Excessive alias count'],
  ['['.repeat(50_000), '1: expected valid YAML'],
  ['# '.padEnd(300_000), '1: expected at most 262144 characters, found 300000'],
  ['title: a', '1: fields: expected a mapping, found nothing'],
  ['title: a\nfields: {}', '2: fields: expected 1 to 200 fields, found 0'],
  [
    yamlOf(Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`f${i}`, '{ type: text }']))),
    '2: fields: expected 1 to 200 fields, found 201',
  ],
  ...[
    'contact',
    '/contact',
    '/a b/',
    '/../',
    '//',
    '/forms/',
    '/Schemas/x/',
    '/openapi.json/',
    '/a%2f/',
  ].map((path): [string, string] => [
    `path: ${path}\n${yamlOf({ a: '{ type: text }' })}`,
    '1: path: expected a path',
  ]),
  ...['constructor', 'toString', 'prototype', '1a', 'a-b', `a${'b'.repeat(64)}`].map(
    (name): [string, string] => [
      yamlOf({ [name]: '{ type: text }' }),
      `3: fields.${name}: expected`,
    ],
  ),
]

test.each(wrongFiles)('%j is refused', (text, problem) => {
  expect(problemsIn(text)[0]).toContain(`forms/a.yaml:${problem}`)
})

test.each(['A.yaml', 'a_b.yaml', 'a--b.yaml', '-a.yaml', 'a.yml', `${'a'.repeat(64)}.yaml`])(
  'a file named %s is refused',
  (name) => {
    const text = yamlOf({ a: '{ type: text }' })
    expect(problemsIn(text, {}, `forms/${name}`)).toHaveLength(1)
    expect(problemsIn(text)).toEqual([])
  },
)

test('a process that knows one task keeps the options of the others as they are', async () => {
  const text = `${yamlOf({ a: '{ type: text }' })}tasks:\n  sheets: { spreadsheet: x }\n  other: { any: [1] }\n`
  const rules = { types: await findFieldTypes(), knownTasks, others: 'unchecked' as const }
  expect(compileForm({ name: 'a.yaml', text }, rules)).toMatchObject({
    form: { tasks: { sheets: { spreadsheet: 'x', tab: 'Responses' }, other: { any: [1] } } },
  })
})

test('any edit is another version', async () => {
  const rules = { types: await findFieldTypes(), knownTasks }
  const text = yamlOf({ a: '{ type: text }' })
  const versions = [text, text, `${text}# edited\n`].map((text) => {
    const compiled = compileForm({ name: 'a.yaml', text }, rules)
    return compiled.ok && compiled.form.version
  })
  expect(versions[0]).toBe(versions[1])
  expect(versions[0]).not.toBe(versions[2])
})
