// The task adds an entry to the buffer, with one cell for each field.
import { expect, test } from '@jest/globals'
import { submissionValidated } from '#kafka/events.ts'
import type { Task } from '#kit/define-task.ts'
import { deliver } from '#kit/deliver.ts'
import { eventOf, silent } from '#kit/events.fixture.ts'
import { formOf } from '#kit/forms/form.fixture.ts'
import type { Entry } from './row.ts'
import task from './task.ts'

const fields = formOf({
  name: '{ type: text }',
  colours: "{ type: multi-choice, options: ['red, dark', blue, green], required: false }",
  age: '{ type: integer, required: false }',
  born: '{ type: date, required: false }',
})

type Answers = Record<string, string | number | string[]>

async function entryOf(answers: Answers, options: object = {}, attributes: object = {}) {
  const added: [string, Entry][] = []
  const clients = { close() {}, add: async (...one: [string, Entry]) => void added.push(one) }
  const sheetsOptions = task.options.parse({ spreadsheet: 's', ...options })
  const form = { ...fields, id: 'demo', tasks: { sheets: sheetsOptions } }
  const runtime = { forms: { get: () => form }, clients, publish: async () => {}, log: silent }
  const event = eventOf(submissionValidated({ version: 'v', answers }), attributes)
  await deliver(task as unknown as Task, event, runtime)
  return added[0]
}

test('an entry has a cell for each field and for each removed field; choices are joined', async () => {
  const [spreadsheet, entry] =
    (await entryOf({ name: 'Ann', colours: ['blue', 'green'], old: 7 })) ?? []
  expect([spreadsheet, entry?.tab, entry?.timeCell]).toEqual(['s', 'Responses', undefined])
  expect(entry?.values).toEqual([
    ['name', 'Ann'],
    ['colours', 'blue; green'],
    ['age', ''],
    ['born', ''],
    ['old', 7],
  ])
})

test('with a time zone the time cell is local time; the order is still by UTC', async () => {
  const [, entry] = (await entryOf({ name: 'Ann' }, { timezone: 'Asia/Kolkata' })) ?? []
  expect(entry?.time).toBe('2026-01-02T03:04:05.000Z')
  expect(entry?.timeCell).toBe('2026-01-02 08:34:05+05:30')
})

test('with real dates, date answers and the local time are serial numbers', async () => {
  const answers = { name: '2026-01-02', born: '2000-02-29', old: '2026-01-02' }
  const [, entry] = (await entryOf(answers, { dates: 'real', timezone: 'Asia/Kolkata' })) ?? []
  expect(entry?.time).toBe('2026-01-02T03:04:05.000Z')
  const kolkata = 46_024 + (8 * 3600 + 34 * 60 + 5) / 86_400
  expect(entry?.timeCell).toEqual({ serial: expect.closeTo(kolkata, 9), format: 'DATE_TIME' })
  expect(entry?.values).toEqual([
    ['name', '2026-01-02'],
    ['colours', ''],
    ['age', ''],
    ['born', { serial: 36_585, format: 'DATE' }],
    ['old', '2026-01-02'],
  ])
  const utc = (await entryOf({ name: 'Ann' }, { dates: 'real' }))?.[1].timeCell
  expect(utc).toEqual({
    serial: expect.closeTo(46_024 + (3 * 3600 + 4 * 60 + 5) / 86_400, 9),
    format: 'DATE_TIME',
  })
})

test('without the option dates stay text', async () => {
  const [, entry] = (await entryOf({ name: 'Ann', born: '2000-02-29' })) ?? []
  expect(new Map(entry?.values).get('born')).toBe('2000-02-29')
  expect(() => task.options.parse({ spreadsheet: 's', dates: 'serial' })).toThrow(/dates/)
})

test.each<[string, Answers, object]>([
  ['an answer', { name: 'a'.repeat(50_001) }, {}],
  ['choices', { name: 'Ann', colours: Array(3).fill('b'.repeat(20_000)) }, {}],
  ['a name', { name: 'Ann', ['n'.repeat(60_000)]: 'x' }, {}],
  ['an id', { name: 'Ann' }, { subject: 's'.repeat(100_000) }],
  ['a field named like the id column', { name: 'Ann', id: 'x' }, {}],
  [
    'many names',
    Object.fromEntries(Array.from({ length: 20_000 }, (_, n): [string, number] => [`f${n}`, n])),
    {},
  ],
])('%s beyond the limits of Google rejects the row', async (_, ...submission) => {
  const [answers, attributes] = submission
  await expect(entryOf(answers, {}, attributes)).rejects.toMatchObject({ name: 'Rejected' })
})
