// Labels as headers: a form in which one could be taken for another is refused, with its file and line.
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
  ['the same but for space around it', { from, to: "{ type: date, label: ' Date ' }" }, '"Date"'],
  ["another field's name", { from, to: '{ type: date, label: from }' }, '"from"'],
  ['the name of a field that comes later', { a: '{ type: date, label: b }', b: from }, '"b"'],
  ['our column of ids', { from, to: '{ type: date, label: id }' }, '"id"'],
  ['our column of times', { from, to: "{ type: date, label: 'submitted at' }" }, '"submitted at"'],
]

test.each(refused)('a label that is %s', (_, fields, found) => {
  const line = fields.a ? 3 : 4
  expect(problemsWith('labels', fields)).toEqual([
    expect.stringMatching(
      new RegExp(`^forms/a\\.yaml:${line}: fields\\.\\w+: expected a label .*, found ${found}$`),
    ),
  ])
  // Labels are no headers then.
  expect(problemsWith('names', fields)).toEqual([])
})

test.each([
  ['labels that differ', { from, to: "{ type: date, label: 'date' }" }],
  ['no labels: names', { from: '{ type: date }', to: '{ type: date }' }],
  ['a label that is its own name', { from: '{ type: date, label: from }', to: from }],
])('taken: %s', (_, fields: Record<string, string>) => {
  expect(problemsWith('labels', fields)).toEqual([])
})

test('no field can be named like a column of ours', () => {
  for (const name of ['id', "'submitted at'"])
    expect(problemsWith('names', { [name]: from })).toHaveLength(1)
})
