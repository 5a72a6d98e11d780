// If labels are headers, a form whose labels could be mistaken for other columns is rejected, with file and line.
import { expect, test } from '@jest/globals'
import type { Task } from '#kit/define-task.ts'
import { knownTasks } from '#kit/find-tasks.ts'
import { problemsIn, yamlOf } from '#kit/forms/form.fixture.ts'
import task from '../task.ts'

const rules = { knownTasks: knownTasks([task as unknown as Task]) }
const problemsWith = (headers: string, fields: Record<string, string>) =>
  problemsIn(`${yamlOf(fields)}tasks: { sheets: { spreadsheet: s, headers: ${headers} } }\n`, rules)

const from = "{ type: date, label: 'Date' }"
const refused: [string, Record<string, string>, string][] = [
  ['the label of another field', { from, to: from }, '"Date"'],
  [
    'the same except for surrounding space',
    { from, to: "{ type: date, label: ' Date ' }" },
    '"Date"',
  ],
  ["another field's name", { from, to: '{ type: date, label: from }' }, '"from"'],
  ['the name of a later field', { a: '{ type: date, label: b }', b: from }, '"b"'],
  ['the id column', { from, to: '{ type: date, label: id }' }, '"id"'],
  ['the time column', { from, to: "{ type: date, label: 'submitted at' }" }, '"submitted at"'],
]

test.each(refused)('a label that equals %s is rejected', (_, fields, found) => {
  const line = fields.a ? 3 : 4
  expect(problemsWith('labels', fields)).toEqual([
    expect.stringMatching(
      new RegExp(`^forms/a\\.yaml:${line}: fields\\.\\w+: expected a label .*, found ${found}$`),
    ),
  ])
  // Without labels as headers there is no conflict.
  expect(problemsWith('names', fields)).toEqual([])
})

test.each([
  ['different labels', { from, to: "{ type: date, label: 'date' }" }],
  ['names instead of labels', { from: '{ type: date }', to: '{ type: date }' }],
  ['a label equal to the name of its own field', { from: '{ type: date, label: from }', to: from }],
])('accepted: %s', (_, fields: Record<string, string>) => {
  expect(problemsWith('labels', fields)).toEqual([])
})

test('a field cannot be named like the id or time column', () => {
  for (const name of ['id', "'submitted at'"])
    expect(problemsWith('names', { [name]: from })).toHaveLength(1)
})
