// forms/form.schema.json accepts each form that the loader accepts, and refuses what an editor can mark.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { parse } from 'yaml'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { compileForm } from '#kit/forms/compile/compile-form.ts'
import { findFieldTypes } from '#kit/forms/find-field-types.ts'
import { formText } from '../../test/hostile/form.ts'
import { newForm } from '../new/templates.ts'
import { formSchema, type JsonSchema } from './form-schema.ts'

const types = await findFieldTypes()
const tasks = await findTasks()
const schema = formSchema(types, tasks)
const ajv = new Ajv({ strict: true, allowUnionTypes: true })
formats.default(ajv)
ajv.addKeyword('patternErrorMessage')
const fitsSchema = ajv.compile(schema)

const loads = (text: string): boolean =>
  compileForm({ name: 'a.yaml', text }, { types, knownTasks: knownTasks(tasks) }).ok

const completeForm = readFileSync('scripts/generate/complete-form.yaml', 'utf8')
const name = 'name: { type: text }'
const sheets = 'sheets: { spreadsheet: 1AbC }'
const withField = (field: string): string => `title: A\nfields:\n  a: ${field}\n`
const withPart = (part: string): string => `title: A\nfields: { ${name} }\n${part}\n`

test.each([
  ['student-data', readFileSync('forms/student-data.yaml', 'utf8')],
  ['demo', readFileSync('forms/demo.yaml', 'utf8')],
  ['the example of docs/forms.md', completeForm],
  ['a new form', newForm('feedback')],
  ['all types', formText],
  [
    'words where text is wanted',
    'title: 2026\nfields: { a: { type: text, label: true, help: 5 } }',
  ],
  ['numbers as options', withField('{ type: choice, options: [2025, 2026, true] }')],
  ['an empty mapping of a task', withPart('tasks: { validation: }')],
  ['a pattern of digits', withField('{ type: text, pattern: 7 }')],
  ['a spreadsheet of digits', withPart('tasks: { sheets: { spreadsheet: 12345, tab: 2026 } }')],
  ['YAML anchors', withField('&a { type: text }\n  b: *a')],
])('loader and schema accept %s', (_what, text) => {
  expect([loads(text), fitsSchema(parse(text))]).toEqual([true, true])
})

test.each([
  ['no title', `fields: { ${name} }`],
  ['an empty title', `title: ''\nfields: { ${name} }`],
  ['no fields', 'title: A\nfields: {}'],
  ['another key', withPart('colour: red')],
  ['a field without a type', withField('{ label: A }')],
  ['an unknown type', withField('{ type: texts }')],
  ['an option of another type', withField('{ type: email, max: 5 }')],
  ['a limit that is no number', withField('{ type: number, max: ten }')],
  ['too large a limit', withField('{ type: text, max: 5000 }')],
  ['a choice without options', withField('{ type: choice }')],
  ['a date that is none', withField('{ type: date, min: tomorrow }')],
  ['a region in words', withField('{ type: phone, region: India }')],
  ['a name with a hyphen', 'title: A\nfields: { a-b: { type: text } }'],
  ['a path without slashes', withPart('path: feedback')],
  ['a redirect without https', withPart('page: { redirect: http://example.org }')],
  ['a language in words', withPart('page: { texts: { hindi: {} } }')],
  ['an origin with a path', withPart("origins: ['https://example.org/a']")],
  ['a rate without a unit', withPart('protect: { perAddress: 30 }')],
  ['a time without an offset', withPart('protect: { opens: 2026-03-01 }')],
  ['an unknown captcha', withPart('protect: { captcha: { provider: other, siteKey: a } }')],
  ['an unknown task', withPart('tasks: { sheet: {} }')],
  ['a task without its option', withPart('tasks: { sheets: {} }')],
  ['a list of tasks', withPart(`tasks: [{ ${sheets} }]`)],
])('loader and schema refuse %s', (_what, text) => {
  expect([loads(text), fitsSchema(parse(text))]).toEqual([false, false])
})

test('every key has a description for editors and for docs/forms.md', () => {
  const undescribed = keysOf(schema).filter(([, { description }]) => !description)
  // A task that people add need not say what it is for.
  const known = tasks.map(({ name }) => `tasks.${name}`)
  expect(undescribed.map(([key]) => key).filter((key) => !known.includes(key))).toEqual([])
})

test('the example of docs/forms.md has every key', () => {
  const used = new Set(namesIn(parse(completeForm)))
  const unused = keysOf(schema).filter(([key]) => !used.has(key.split('.').at(-1) as string))
  const always = tasks.flatMap(({ name, everyForm, anyForm }) =>
    everyForm || anyForm ? [`tasks.${name}`] : [],
  )
  expect(unused.map(([key]) => key)).toEqual(always)
})

type Keys = [key: string, schema: JsonSchema][]

/** All keys within a schema, with dots between them. */
function keysOf(within: JsonSchema, prefix = ''): Keys {
  const properties = Object.entries(within.properties ?? {}) as Keys
  const named = within.additionalProperties
  const alternatives = (within.anyOf ?? []) as JsonSchema[]
  return [
    ...properties.flatMap(
      ([key, one]): Keys => [[prefix + key, one], ...keysOf(one, `${prefix + key}.`)],
    ),
    ...(typeof named === 'object' ? keysOf(named, `${prefix}*.`) : []),
    ...alternatives.flatMap((one) => keysOf(one, prefix)),
    ...(within.items ? keysOf(within.items as JsonSchema, `${prefix}*.`) : []),
  ]
}

function namesIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return []
  return Object.entries(data).flatMap(([key, value]) => [key, ...namesIn(value)])
}
