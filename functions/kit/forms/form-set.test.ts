// What two forms of a folder cannot both have.
import { expect, test } from '@jest/globals'
import { findTasks, knownTasks } from '#kit/find.ts'
import { findFieldTypes } from './field-types.ts'
import { compileForm } from './form.ts'
import { problemText } from './form-file.ts'
import { FormSet } from './form-set.ts'
import { clashes } from './form-tasks.ts'

test('two forms of one tab are refused with both names; the first keeps it; one that moves away makes room', async () => {
  const text = (tab: string) =>
    `title: A\nfields:\n  a: { type: text }\ntasks:\n  sheets: { spreadsheet: s, tab: ${tab} }\n`
  const known = knownTasks(await findTasks())
  const types = await findFieldTypes()
  const set = new FormSet(
    (name, text) => compileForm({ name, text }, { types, knownTasks: known }),
    clashes(known),
  )
  const update = (files: Record<string, string>) =>
    set.update(new Map(Object.entries(files).map(([name, text]) => [name, { text }])))
  const first = update({ 'b.yaml': text('Responses'), 'c.yaml': text('Other') })
  expect(first.problems).toEqual([])
  const second = update({
    'a.yaml': text('responses'),
    'b.yaml': text('Responses'),
    'c.yaml': text('Responses 2'),
  })
  expect(second.problems.map(problemText)).toEqual([
    'a.yaml:4: tasks.sheets: expected a tab of its own, found "responses", which b.yaml has',
    'c.yaml:4: tasks.sheets: expected a tab that "Responses" does not rotate to, found "Responses 2", which b.yaml has',
  ])
  expect([...set.byId].map(([id, { tasks }]) => [id, tasks.sheets])).toEqual([
    ['b', expect.objectContaining({ tab: 'Responses' })],
    ['c', expect.objectContaining({ tab: 'Other' })],
  ])
  const third = update({
    'a.yaml': text('responses'),
    'b.yaml': text('B'),
    'c.yaml': text('Other'),
  })
  expect(third.problems).toEqual([])
  expect([...set.byId.keys()].toSorted()).toEqual(['a', 'b', 'c'])
})
