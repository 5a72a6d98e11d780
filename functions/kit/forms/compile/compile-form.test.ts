// Valid form files, and the messages for invalid ones.
import { expect, test } from '@jest/globals'
import * as z from 'zod'
import { findFieldTypes } from '../find-field-types.ts'
import { formOf, problemsIn, yamlOf } from '../form.fixture.ts'
import type { Form } from '../form.ts'
import { problemText } from '../form-problems.ts'
import type { KnownTasks } from '../task-rules.ts'
import { compileForm } from './compile-form.ts'

const Slang = z.strictObject({ fields: z.array(z.string()).min(1) })
const Sheets = z.strictObject({ spreadsheet: z.string(), tab: z.string().default('Responses') })
const knownTasks: KnownTasks = {
  sheets: { options: Sheets },
  slang: { options: Slang, fieldsIn: (options) => Slang.parse(options).fields },
}

const types = await findFieldTypes()

function compiledOf(text: string, tasks: KnownTasks = knownTasks): Form {
  const compiled = compileForm({ name: 'forms/a.yaml', text }, { types, knownTasks: tasks })
  if (compiled.ok) return compiled.form
  throw new Error(compiled.problems.map(problemText).join('\n'))
}

test('a file is compiled to a form', async () => {
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

test('all problems of a file are reported at once, with line, path, expected and found', () => {
  const text = `title: [7]
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
  sheets: { tab: {} }
  slang: { fields: [zz] }
`
  const types =
    'boolean, choice, date, email, integer, multi-choice, multiline, number, phone, text, url'
  expect(problemsIn(text, { knownTasks })).toEqual([
    'forms/a.yaml:1: title: expected text, found a list',
    'forms/a.yaml:3: path: expected a path that is not reserved, found "/health/"',
    'forms/a.yaml:2: colour: expected one of title, path, page, origins, protect, receipt, fields, tasks, tests, found "colour"',
    'forms/a.yaml:5: fields.id: expected a name that is not reserved, found "id"',
    'forms/a.yaml:6: fields.a.max: expected a number, found "ten"',
    'forms/a.yaml:7: fields.b.lable: expected one of type, label, required, help, min, max, found "lable"',
    'forms/a.yaml:7: fields.b.min: expected at most 1 (its max), found 5',
    'forms/a.yaml:12: fields.c.options.1: expected each option once, found "x"',
    `forms/a.yaml:13: fields.d.type: expected one of ${types}, found "txt"`,
    'forms/a.yaml:14: fields.e: expected a mapping, found 7',
    'forms/a.yaml:15: fields.f.type: expected text, found nothing',
    'forms/a.yaml:15: fields.f.required: expected true or false, found "maybe"',
    'forms/a.yaml:16: fields.__proto__: expected a name of letters, digits and _ that begins with a letter, found "__proto__"',
    'forms/a.yaml:18: tasks.sheet: expected one of sheets, slang, found "sheet"',
    'forms/a.yaml:19: tasks.sheets.spreadsheet: expected text, found nothing',
    'forms/a.yaml:19: tasks.sheets.tab: expected text, found an object',
    'forms/a.yaml:20: tasks.slang: expected only fields of this form (id, a, b, c, d, e, f, __proto__) for the task slang, found "{\\"fields\\":[\\"zz\\"]}"',
  ])
})

const wrongFields: [field: string, problem: string][] = [
  ['{ type: text, min: 600 }', 'min: expected at most 500 (its max), found 600'],
  ['{ type: text, max: 5000 }', 'max: expected at most 2000, found 5000'],
  ["{ type: text, pattern: '(a' }", 'pattern: expected a regular expression that compiles'],
  [
    "{ type: text, pattern: '(?=a)' }",
    'pattern: expected a regular expression without look-around',
  ],
  [
    "{ type: text, pattern: '\\p{Letter}' }",
    'pattern: expected a regular expression without \\p{Letter}: categories are written as',
  ],
  ['{ type: text, message: Digits }', 'message: expected a pattern in the same field'],
  ['{ type: boolean, mustBe: false }', 'mustBe: expected one of true, found false'],
  ['{ type: choice }', 'options: expected a list, found nothing'],
  ['{ type: choice, options: [] }', 'options: expected at least 1 entries, found a list'],
  ['{ type: choice, options: [[a]] }', 'options.0: expected text, found a list'],
  [
    '{ type: choice, options: [a, Null] }',
    'options.1: expected text, found Null, which is nothing in YAML (the word itself is "Null", in quotes)',
  ],
  ['{ type: choice, options: [1, "1"] }', 'options.1: expected each option once, found "1"'],
  ['{ type: choice, options: [0x1F, 31, "0x1F"] }', 'options.2: expected each option once'],
  ['{ type: multi-choice, options: [1, "1"] }', 'options.1: expected each option once, found "1"'],
  [
    '{ type: phone, region: in }',
    'region: expected a region of two capital letters, like IN, found "in"',
  ],
  ['{ type: date, min: 2024-02-30 }', 'min: expected a date as YYYY-MM-DD, found "2024-02-30"'],
  [
    '{ type: date, min: 2024-02-02, max: 2024-02-01 }',
    'min: expected at most 2024-02-01 (its max)',
  ],
  ['{ type: integer, min: 0.5 }', 'min: expected a whole number, found 0.5'],
  ['{ type: phone, kind: cell }', 'kind: expected one of any, mobile, found "cell"'],
  [
    '{ type: choice, options: [a, "\u200b"] }',
    'options.1: expected text that can be seen, found "',
  ],
  ['{ type: choice, options: [a, ""] }', 'options.1: expected at least 1 characters, found ""'],
  ['{ type: text, label: "\u3164" }', 'label: expected text that can be seen, found "'],
  ['{ type: text, help: "\u2800" }', 'help: expected text that can be seen, found "'],
  ['{ type: email, max: 5 }', 'max: expected one of type, label, required, help, found "max"'],
]

test.each(wrongFields)('%s is refused', (field, problem) => {
  const problems = problemsIn(yamlOf({ a: field }))
  expect(problems).toEqual([expect.stringContaining(`forms/a.yaml:3: fields.a.${problem}`)])
})

const wrongFiles: [text: string, problem: string][] = [
  ['title: "\u2060"', '1: title: expected text that can be seen, found "'],
  ['', '1: expected a mapping, found nothing'],
  ['- a', '1: expected a mapping, found a list'],
  ['title: a\ntitle: b', '2: expected each key once, found: "title" twice'],
  ['title: a\n---\ntitle: b', '2: expected valid YAML, found: Source contains multiple documents'],
  ['title: [', '1: expected valid YAML, found: Flow sequence'],
  ['title: !!js/function a', '1: expected valid YAML, found: Unresolved tag'],
  ['title: *a', '1: expected valid YAML, found: Unresolved alias'],
  [`a: &a [x]\nb: [${'*a,'.repeat(30)}]`, '1: expected valid YAML, found: Excessive alias count'],
  ['['.repeat(50_000), '1: expected values that are nested at most 50 deep'],
  ['# '.padEnd(300_000), '1: expected at most 262144 bytes, found 300000'],
  ['# '.padEnd(100_000, 'न'), '1: expected at most 262144 bytes, found 299996'],
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

/** Plain words that YAML reads as numbers, booleans and the like. */
const words = [
  '007',
  '0401',
  '3.10',
  '+91',
  '1e3',
  '0x1F',
  '0o17',
  '.5',
  '-0',
  '1_000',
  '12:30',
].concat(['true', 'False', 'no', 'on', '.inf', '2024-01-02', '9007199254740993', '1'.repeat(25)])

test.each([
  ['flow', (word: string) => word, ''],
  ['block', (word: string) => `\n      - ${word}`, ''],
  ['YAML 1.1', (word: string) => word, '%YAML 1.1\n---\n'],
])(
  'options that YAML reads as numbers or booleans stay as they are written, in their order: %s',
  async (style, item, head) => {
    const options = style === 'block' ? words.map(item).join('') : `[${words.map(item).join(', ')}]`
    for (const type of ['choice', 'multi-choice']) {
      const text = `${head}title: 2026\nfields:\n  a:\n    type: ${type}\n    options: ${options}\n`
      const form = compiledOf(text)
      const { a } = (form.jsonSchema as { properties: Record<string, Described> }).properties
      expect([form.title, form.fields.a!.input.choices]).toEqual(['2026', words])
      expect((type === 'choice' ? a : a?.items)?.enum).toEqual(words)
      for (const word of words) expect(form.parse({ a: word }).ok).toBe(true)
      expect([form.parse({ a: '7' }).ok, form.parse({ a: 7 }).ok]).toEqual([false, false])
    }
  },
)

interface Described {
  enum?: string[]
  items?: Described
}

test('a wrong pattern and a wrong limit of one field are reported together', () => {
  expect(problemsIn(yamlOf({ a: "{ type: text, min: x, max: 3000, pattern: '(a' }" }))).toEqual([
    expect.stringContaining('fields.a.min: expected a number'),
    expect.stringContaining('fields.a.max: expected at most 2000'),
    expect.stringContaining('fields.a.pattern: expected a regular expression that compiles'),
  ])
})

test('titles, labels, patterns and options of tasks also stay as they are written', () => {
  const text = `title: 1e3
fields:
  TRUE: &field { type: text, label: 0x1F, help: 007, pattern: 0401 }
  b: { type: date, min: 2024-01-02 }
  c: *field
tasks:
  sheets: { spreadsheet: 0012, tab: true }
  any: { one: 3.10, number: 3.10, either: 010, list: [+91] }
`
  const any = z.object({
    one: z.enum(['3.10', '3.1']),
    number: z.number(),
    either: z.union([z.boolean(), z.array(z.string()), z.string()]),
    list: z.array(z.string()),
  })
  const form = compiledOf(text, { ...knownTasks, any: { options: any } })
  expect([form.title, Object.keys(form.fields)]).toEqual(['1e3', ['TRUE', 'b', 'c']])
  for (const name of ['TRUE', 'c']) {
    expect(form.fields[name]).toMatchObject({ label: '0x1F', help: '007' })
    expect(form.parse({ TRUE: '0401', c: '0401', b: '2024-01-02' }).ok).toBe(true)
  }
  expect(form.tasks).toEqual({
    sheets: { spreadsheet: '0012', tab: 'true' },
    any: { one: '3.10', number: 3.1, either: '010', list: ['+91'] },
  })
})

test.each(['~', 'null', 'NULL'])(
  '%s where text is expected is refused: the message asks for quotes',
  (word) => {
    const found = `found ${word}, which is nothing in YAML (the word itself is "${word}", in quotes)`
    const text = `title: ${word}\n${yamlOf({ a: `{ type: text, label: ${word} }` }).replace(/^.*\n/, '')}`
    expect(problemsIn(text)).toEqual([
      `forms/a.yaml:1: title: expected text, ${found}`,
      `forms/a.yaml:3: fields.a.label: expected text, ${found}`,
    ])
    expect(problemsIn(text.replaceAll(word, `"${word}"`))).toEqual([])
  },
)

test.each([
  ['of one field', 'b: { <<: *a, label: B }', 4],
  ['of several', 'b:\n    label: B\n    <<: [*a]', 6],
])('a merge key %s is refused, and the message names it', (_, field, line) => {
  const text = `title: A\nfields:\n  a: &a { type: text }\n  ${field}\n`
  const problem = `forms/a.yaml:${line}: expected keys without a merge, found: <<: write the keys out here`
  for (const head of ['', '%YAML 1.1\n---\n']) {
    const at = problem.replace(`:${line}:`, `:${line + (head ? 2 : 0)}:`)
    expect(problemsIn(head + text)).toEqual([at])
  }
})

test.each(['A.yaml', 'a_b.yaml', 'a--b.yaml', '-a.yaml', 'a.yml', `${'a'.repeat(64)}.yaml`])(
  'a file named %s is refused',
  (name) => {
    const text = yamlOf({ a: '{ type: text }' })
    expect(problemsIn(text, {}, `forms/${name}`)).toHaveLength(1)
    expect(problemsIn(text)).toEqual([])
  },
)

test('a process that knows one task keeps the options of other tasks unchanged', async () => {
  const text = `${yamlOf({ a: '{ type: text }' })}tasks:\n  sheets: { spreadsheet: x }\n  other: { any: [1] }\n`
  const rules = { types: await findFieldTypes(), knownTasks, others: 'unchecked' as const }
  expect(compileForm({ name: 'a.yaml', text }, rules)).toMatchObject({
    form: { tasks: { sheets: { spreadsheet: 'x', tab: 'Responses' }, other: { any: [1] } } },
  })
})

test('any edit of the text changes the version', async () => {
  const rules = { types: await findFieldTypes(), knownTasks }
  const text = yamlOf({ a: '{ type: text }' })
  const versions = [text, text, `${text}# edited\n`].map((text) => {
    const compiled = compileForm({ name: 'a.yaml', text }, rules)
    return compiled.ok && compiled.form.version
  })
  expect(versions[0]).toBe(versions[1])
  expect(versions[0]).not.toBe(versions[2])
})

test('a form whose longest answers exceed the size of an event is refused, with their size', () => {
  const long = (max: number) =>
    yamlOf(
      Object.fromEntries(
        Array.from({ length: 30 }, (_, n) => [`f${n}`, `{ type: multiline, max: ${max} }`]),
      ),
    )
  expect(problemsIn(long(7_000))).toEqual([])
  expect(problemsIn(long(8_000))).toEqual([
    'forms/a.yaml:2: fields: expected answers of at most 900000 bytes together: use a smaller max for long texts, found up to 960262',
  ])
})

test('valid answers never have more bytes than the bound of their form', () => {
  const options = ['😀'.repeat(5), '"\\', 'क'.repeat(9)]
  const types: [field: string, longest: unknown][] = [
    ['{ type: text, max: 9 }', '😀'.repeat(9)],
    ['{ type: text, max: 9 }', '"\\'.repeat(4)],
    ['{ type: multiline, max: 9 }', '"\n"\n"\n"'],
    ['{ type: number }', -0.00012345678901234567],
    ['{ type: number }', -2.2250738585072014e-308],
    ['{ type: integer }', Number.MIN_SAFE_INTEGER],
    ['{ type: boolean }', false],
    ['{ type: date }', '2024-12-31'],
    ['{ type: email }', `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(3)}cc`],
    ['{ type: url }', `https://a.b/${'ä'.repeat(300)}`],
    ['{ type: phone }', '+442079460958'],
    [`{ type: choice, options: ${JSON.stringify(options)} }`, options[2]],
    [`{ type: multi-choice, options: ${JSON.stringify(options)} }`, options],
  ]
  for (const [field, longest] of types) {
    const form = formOf({ a: field })
    const result = form.parse({ a: longest })
    const bytes = result.ok ? Buffer.byteLength(JSON.stringify(result.answers)) : Number.NaN
    expect([field, bytes <= form.maxBytes]).toEqual([field, true])
  }
})
