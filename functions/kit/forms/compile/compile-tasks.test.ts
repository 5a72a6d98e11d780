// A form's file is refused if the endpoint could accept answers that a task cannot process.
import { expect, test } from '@jest/globals'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { formOf, problemsIn, yamlOf } from '../form.fixture.ts'

const rules = { knownTasks: knownTasks(await findTasks()) }
const problems = (fields: Record<string, string>, tasks: string) =>
  problemsIn(`${yamlOf(fields)}tasks: ${tasks}\n`, rules)
const sheets = '{ sheets: { spreadsheet: s } }'

/** A list of options of 200 characters each. */
const many = (count: number) =>
  `[${Array.from({ length: count }, (_, n) => String(n).padStart(200, 'o')).join(', ')}]`

test('a multi-choice is refused if all its options together do not fit a cell', () => {
  const field = (count: number) => `{ type: multi-choice, options: ${many(count)} }`
  expect(problems({ a: '{ type: text }', b: field(247) }, sheets)).toEqual([])
  expect(problems({ a: '{ type: text }', b: field(248) }, sheets)).toEqual([
    'forms/a.yaml:4: fields.b: expected answers of at most 50000 characters for the task sheets, ' +
      'found up to 50094: fewer or shorter options',
  ])
  expect(problems({ b: field(500) }, '{}')).toEqual([])
})

test('the longest text of each field type fits a cell', () => {
  const fields = {
    a: '{ type: multiline, max: 50000 }',
    b: '{ type: text, max: 2000 }',
    c: `{ type: choice, options: ${many(500)} }`,
    d: '{ type: url }',
  }
  expect(problems(fields, sheets)).toEqual([])
})

test('a field without text is refused for slang', () => {
  const fields = {
    a: '{ type: text }',
    n: '{ type: number }',
    m: '{ type: multi-choice, options: [x] }',
  }
  const slang = (...names: string[]) => problems(fields, `{ slang: { fields: [${names}] } }`)
  expect(slang('a')).toEqual([])
  expect(slang('a', 'n')).toEqual([
    'forms/a.yaml:4: fields.n: expected a type with text for the task slang, found number',
  ])
  expect(slang('m')).toHaveLength(1)
})

test.each([
  ['tab: "  "', 'tasks.sheets.tab: expected at least 1 characters'],
  [`tab: ${'t'.repeat(96)}`, 'tasks.sheets.tab: expected at most 95 characters'],
  ['tab: "a\\tb"', 'tasks.sheets.tab: expected a title of one line'],
  ['timezone: Mars/Olympus', 'tasks.sheets.timezone: expected the name of a time zone'],
  ['timezone: "+05:30"', 'tasks.sheets.timezone: expected the name of a time zone'],
])('the sheets task refuses %s', (option, message) => {
  const found = problems({ a: '{ type: text }' }, `{ sheets: { spreadsheet: s, ${option} } }`)
  expect(found).toEqual([expect.stringContaining(message)])
})

const largest: [field: string, answer: unknown][] = [
  ['{ type: text, max: 3 }', '😀😀😀'],
  ['{ type: multiline, max: 50000 }', 'न'.repeat(50_000)],
  ['{ type: multiline, max: 25000 }', '😀'.repeat(25_000)],
  ['{ type: number }', -Number.MIN_VALUE],
  ['{ type: number }', -1.1234567890123457e-7],
  ['{ type: integer }', Number.MIN_SAFE_INTEGER],
  ['{ type: choice, options: [F, Other] }', 'Other'],
  ['{ type: multi-choice, options: [abc, d] }', ['abc', 'd']],
  ['{ type: boolean }', false],
  ['{ type: date }', '2026-01-02'],
  ['{ type: email }', `${'a'.repeat(64)}@${'b'.repeat(60)}.com`],
  ['{ type: url }', `https://example.com/${'न'.repeat(220)}`],
  ['{ type: phone }', '+917004465984'],
]

test.each(largest)('an answer to %s is never longer than its bound', (options, answer) => {
  const field = formOf({ a: options }).fields.a
  const checked = field?.check(answer)
  if (!checked?.ok) throw new Error('Expected an answer that the field takes')
  const value = Array.isArray(checked.value) ? checked.value.join('') : String(checked.value)
  expect(value.length).toBeLessThanOrEqual(field?.maxLength ?? 0)
})

test('a text within the limit of characters is refused if it has too many UTF-16 units for a cell', () => {
  const field = formOf({ a: '{ type: multiline, max: 50000 }' }).fields.a
  expect(field?.check('😀'.repeat(25_000)).ok).toBe(true)
  expect(field?.check('😀'.repeat(25_001))).toEqual({
    ok: false,
    message: 'Expected text of at most 50000 characters, found longer text',
  })
})
