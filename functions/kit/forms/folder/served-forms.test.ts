// Paths and tabs that two forms of a folder both claim.
import { expect, test } from '@jest/globals'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { compileForm } from '../compile/compile-form.ts'
import { findFieldTypes } from '../find-field-types.ts'
import { problemText } from '../form-problems.ts'
import { clashFinder } from '../task-rules.ts'
import { ServedForms } from './served-forms.ts'

const known = knownTasks(await findTasks())
const types = await findFieldTypes()
const newServedForms = () =>
  new ServedForms(
    (name, text) => compileForm({ name, text }, { types, knownTasks: known }),
    clashFinder(known),
  )

test('a form that claims the tab of another is refused until the other one moves away', async () => {
  const text = (tab: string) =>
    `title: A\nfields:\n  a: { type: text }\ntasks:\n  sheets: { spreadsheet: s, tab: ${tab} }\n`
  const set = newServedForms()
  const update = (files: Record<string, string>) =>
    set.update(new Map(Object.entries(files).map(([name, text]) => [name, { text }])))
  const first = await update({ 'b.yaml': text('Responses'), 'c.yaml': text('Other') })
  expect(first.problems).toEqual([])
  const second = await update({
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
  const third = await update({
    'a.yaml': text('responses'),
    'b.yaml': text('B'),
    'c.yaml': text('Other'),
  })
  expect(third.problems).toEqual([])
  expect([...set.byId.keys()].toSorted()).toEqual(['a', 'b', 'c'])
})

test('a form whose file was wrong counts as changed when it has its old text again', async () => {
  const right = 'title: A\nfields:\n  a: { type: text }\n'
  const set = newServedForms()
  const update = async (text: string) => (await set.update(new Map([['a.yaml', { text }]]))).changed
  expect(await update(right)).toEqual(['a'])
  expect(await update(`${right}x: 1\n`)).toEqual([])
  expect(await update(right)).toEqual(['a'])
  expect(await update(right)).toEqual([])
})

const taken: [what: string, a: string, b: string][] = [
  ['path', 'path: /a/', 'path: /x/'],
  [
    'tab',
    'tasks: { sheets: { spreadsheet: s, tab: A } }',
    'tasks: { sheets: { spreadsheet: s, tab: X } }',
  ],
]

test.each(taken)(
  'a form that claims the %s of another is refused by running processes and by new ones alike',
  async (_, a, b) => {
    const text = (more: string, title = 'A') =>
      `title: ${title}\n${more}\nfields:\n  a: { type: text }\n`
    const folder = (aText: string, bText: string) =>
      new Map([
        ['a.yaml', { text: aText, checked: text(a) }],
        ['b.yaml', { text: bText, checked: text(b) }],
      ])
    const served = ({ byId }: ServedForms) =>
      [...byId.values()].map(({ id, path, tasks }) => ({ id, path, tasks }))
    const running = newServedForms()
    await running.update(folder(text(a), text(b)))
    const before = served(running)
    for (const bText of [text(b), text(b, 'Newer'), 'wrong', text(a, 'Swapped')]) {
      const texts = folder(text(b, 'Taken'), bText)
      const started = newServedForms()
      for (const set of [running, started]) await set.update(texts)
      expect([served(running), served(started)]).toEqual([before, before])
      const [ofRunning, ofStarted] = [running, started].map((set) =>
        set.problems().map(problemText),
      )
      expect(ofStarted).toEqual(ofRunning)
      expect(ofRunning?.[0]).toMatch(/^a.yaml:.* of its own, found .*, which b.yaml has$/)
    }
  },
)
