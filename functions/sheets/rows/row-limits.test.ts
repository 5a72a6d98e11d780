// Rows that Google would refuse are rejected: in the buffer, all later rows of the tab would wait behind them.
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
    'an event id',
    { cause: { ...entry().cause, id: 'x'.repeat(25_001) } },
    'Expected an id of the event of at most 25000 characters, found 25001',
  ],
  ['a time cell', { timeCell: long }, 'Expected a time of at most 50000 characters, found 50001'],
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
    'too many names',
    { values: names(20_000) },
    'Expected names of columns of at most 25000 characters together, found 448890',
  ],
]

test.each(refused)('%s is rejected, with a message that does not quote it', (_, more, message) => {
  expect(() => requireWritable(entry(more))).toThrow(
    expect.objectContaining({ name: 'Rejected', message }),
  )
})

test('values at the limits of Google are accepted', () => {
  const maxText = 'x'.repeat(50_000)
  // The maximum of fields and of name lengths in a form.
  const longNames = names(199).map(([name]): [string, number] => [name.padEnd(64, 'x'), 1])
  const row = entry({
    id: 'x'.repeat(25_000),
    timeCell: maxText,
    values: [...longNames, ['name', maxText]],
    labels: [['name', maxText]],
  })
  expect(() => requireWritable(row)).not.toThrow()
  expect(() => requireWritable(entry({ values: [['name', '👋']] }))).not.toThrow()
})
