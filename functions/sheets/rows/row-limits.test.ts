// What Google would refuse never waits: else every row of its tab would wait behind it, for ever.
import { expect, test } from '@jest/globals'
import type { Entry } from '../row.ts'
import { requireWritable } from './row-limits.ts'

const entry = (more: Partial<Entry> = {}): Entry => ({
  id: 's-1',
  time: '2026-01-02T03:04:05.000Z',
  tab: 'Responses',
  cause: { id: 's-1.validation.0', subject: 's-1', time: '2026-01-02T03:04:05Z', form: 'demo' },
  values: [['name', 'Ann']],
  ...more,
})
const long = 'x'.repeat(50_001)
const names = (count: number): Entry['values'] =>
  Array.from({ length: count }, (_, n) => [`f${n}`, n])

const refused: [what: string, more: Partial<Entry>, message: string][] = [
  [
    'an id',
    { id: 'x'.repeat(100_000) },
    'Expected an id of the submission of at most 25000 characters, found 100000',
  ],
  ['an empty id', { id: '' }, 'Expected an id of the submission, found none'],
  [
    'half a character in an id',
    { id: 'a\ud800' },
    'Expected an id of the submission of whole characters, found half of a surrogate pair',
  ],
  [
    'the id of an event',
    { cause: { ...entry().cause, id: 'x'.repeat(25_001) } },
    'Expected an id of the event of at most 25000 characters, found 25001',
  ],
  [
    'a cell of time',
    { timeCell: long },
    'Expected a time of at most 50000 characters, found 50001',
  ],
  [
    'an answer',
    { values: [['name', long]] },
    'Expected an answer of at most 50000 characters, found 50001',
  ],
  [
    'a broken answer',
    { values: [['name', '\udc00']] },
    'Expected an answer of whole characters, found half of a surrogate pair',
  ],
  [
    'a label',
    { labels: [['name', long]] },
    'Expected a label of at most 50000 characters, found 50001',
  ],
  ...[long, 'x'.repeat(65), '', 'id', 'submitted at', '__proto__', 'na\ud800me', '7th'].map(
    (name): [string, Partial<Entry>, string] => [
      `the name "${name.slice(0, 12)}"`,
      { values: [[name, 'Ann']] },
      'Expected names that a field of a form can have, found another',
    ],
  ),
  [
    'names that are too many',
    { values: names(20_000) },
    'Expected names of columns of at most 25000 characters together, found 448890',
  ],
]

test.each(refused)('%s is finally refused, and not quoted', (_, more, message) => {
  expect(() => requireWritable(entry(more))).toThrow(
    expect.objectContaining({ name: 'Rejected', message }),
  )
})

test('the most that Google takes is taken', () => {
  const most = 'x'.repeat(50_000)
  // As many fields, with as long names, as a form can have.
  const longNames = names(199).map(([name]): [string, number] => [name.padEnd(64, 'x'), 1])
  const row = entry({
    id: 'x'.repeat(25_000),
    timeCell: most,
    values: [...longNames, ['name', most]],
    labels: [['name', most]],
  })
  expect(() => requireWritable(row)).not.toThrow()
  expect(() => requireWritable(entry({ values: [['name', '👋']] }))).not.toThrow()
})
