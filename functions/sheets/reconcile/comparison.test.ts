import { expect, test } from '@jest/globals'
import { toSerial, toTimeCell } from '../rows/date-cells.ts'
import { toText } from './cell-text.ts'
import { Comparison } from './comparison.ts'

const header = ['id', 'submitted at', 'name', 'age', 'note of a person']
const time = '2026-01-02T03:04:05.000Z'
const later = '2026-01-02T03:04:13.000Z'
const latest = '2026-01-02T03:04:21.000Z'
const began = '2026-02-01T00:00:00.000Z'
type Cell = string | number | boolean

const entry = (id: string, name: Cell = 'Ann', age: Cell = 5) => ({
  id,
  time,
  values: [
    ['name', name],
    ['age', age],
  ] as [string, Cell][],
})

/** A comparison that expects `a`, `b` and `c`, recorded in rows 2 to 4. */
function makeComparison(): Comparison {
  const comparison = new Comparison(began)
  for (const [index, id] of ['a', 'b', 'c'].entries()) {
    comparison.expect(entry(id))
    comparison.record(id, { tab: 'R', row: index + 2 })
  }
  return comparison
}

const addRows = (comparison: Comparison, rows: unknown[][], tab = 'R', columns = header) => {
  for (const [index, cells] of rows.entries())
    comparison.addRow(columns, cells, { tab, row: index + 2 })
}
const row = (id: string, name: unknown = 'Ann', age: unknown = 5) => [id, time, name, age]

/** Number of findings of each kind that has any. */
const counts = (comparison: Comparison) =>
  Object.fromEntries(
    Object.entries(comparison.findings())
      .filter(
        (entry): entry is [string, object[]] => Array.isArray(entry[1]) && entry[1].length > 0,
      )
      .map(([kind, found]) => [kind, found.length]),
  )

test('rows as they were written give no findings', () => {
  const comparison = makeComparison()
  addRows(comparison, [row('a'), row('b'), row('c')])
  expect(comparison.findings()).toEqual({
    expected: 3,
    rows: 3,
    missing: [],
    doubled: [],
    altered: [],
    moved: [],
    foreign: [],
  })
})

test('a cleared row is missing, and its empty cells do not count as a row', () => {
  const comparison = makeComparison()
  addRows(comparison, [row('a'), [], row('c')])
  expect(counts(comparison)).toEqual({ missing: 1 })
  expect(comparison.findings().missing).toEqual([
    { id: 'b', locations: [], recorded: { tab: 'R', row: 3 } },
  ])
})

test('a deleted row is missing, and those below it have moved', () => {
  const comparison = makeComparison()
  addRows(comparison, [row('a'), row('c')])
  expect(counts(comparison)).toEqual({ missing: 1, moved: 1 })
})

test('a row in a later part of a tab has moved only if it was recorded in another part', () => {
  const comparison = makeComparison()
  addRows(comparison, [row('a'), row('b')])
  addRows(comparison, [row('c')], 'R 2')
  expect(comparison.findings().moved).toMatchObject([
    { id: 'c', locations: [{ tab: 'R 2', row: 2 }] },
  ])
})

test('a changed cell is reported by the name of its column, whatever the order of columns', () => {
  const comparison = makeComparison()
  const columns = ['age', 'id', 'name']
  const rows = [
    [6, 'a', 'Bob'],
    [5, 'b', 'Ann'],
    [5, 'c', 'Ann'],
  ]
  addRows(comparison, rows, 'R', columns)
  expect(comparison.findings().altered).toMatchObject([{ id: 'a', altered: ['name', 'age'] }])
})

test('cells in columns that people added do not count as altered', () => {
  const comparison = makeComparison()
  addRows(comparison, [[...row('a'), 'called'], row('b'), row('c')])
  expect(counts(comparison)).toEqual({})
})

test('an id in two rows is reported once as doubled, not as altered or moved', () => {
  const comparison = makeComparison()
  addRows(comparison, [row('a'), row('b'), row('c'), row('b', 'other')])
  expect(counts(comparison)).toEqual({ doubled: 1 })
  expect(comparison.findings().doubled[0]?.locations.map(({ row }) => row)).toEqual([3, 5])
})

test('rows without an id, or with an id that is not in the log, are foreign', () => {
  const comparison = makeComparison()
  addRows(comparison, [row('a'), row('b'), row('c'), ['', '', 'sum', 15], row('x')])
  expect(counts(comparison)).toEqual({ foreign: 2 })
})

test('a row submitted after the log was read is not foreign', () => {
  const comparison = makeComparison()
  addRows(comparison, [row('a'), row('b'), row('c'), ['new', '2026-02-01T00:00:01.000Z', 'Eve', 1]])
  expect(counts(comparison)).toEqual({})
})

test('a row may have the time of a repeat of its submission, but no other', () => {
  const comparison = makeComparison()
  comparison.expect({ ...entry('b'), time: later })
  comparison.expect({ ...entry('c'), time: later })
  addRows(comparison, [row('a'), ['b', later, 'Ann', 5], ['c', latest, 'Ann', 5]])
  expect(comparison.findings().altered).toMatchObject([{ id: 'c', altered: ['submitted at'] }])
})

test('a row recorded in another spreadsheet is not missing', () => {
  const comparison = makeComparison()
  comparison.record('b', undefined)
  addRows(comparison, [row('a'), [], row('c')])
  expect(counts(comparison)).toEqual({})
  expect(comparison.findings().expected).toBe(2)
})

test('the last recorded location of an id counts, and its first event', () => {
  const comparison = makeComparison()
  comparison.record('a', { tab: 'R', row: 9 })
  comparison.expect(entry('b', 'later'))
  addRows(comparison, [row('a'), row('b'), row('c')])
  expect(counts(comparison)).toEqual({ moved: 1 })
})

test('a date is unaltered as a serial number or as the text of earlier versions; another date is altered', () => {
  const at = { serial: toSerial('2026-01-02 08:34:05') as number, format: 'DATE_TIME' as const }
  const born = { serial: 36_585, format: 'DATE' as const }
  const columns = ['id', 'submitted at', 'name', 'born']
  const comparison = new Comparison(began)
  for (const id of ['a', 'b', 'c', 'd', 'e'])
    comparison.expect({ id, time, timeCell: at, values: [['born', born]] })
  comparison.expect({ id: 'f', time, timeCell: at, values: [['born', '2000-02-29']] })
  const rows = [
    ['a', 46_024.3570023148, '', 36_585],
    ['b', '2026-01-02 08:34:05+05:30', '', '2000-02-29'],
    ['c', at.serial, '', 36_586],
    ['d', at.serial, '', '2000-03-01'],
    ['e', at.serial + 1 / 86_400, '', ''],
    ['f', at.serial, '', 36_585],
  ]
  addRows(comparison, rows, 'R', columns)
  expect(comparison.findings().altered.map(({ id, altered }) => [id, altered])).toEqual([
    ['c', ['born']],
    ['d', ['born']],
    ['e', ['born', 'submitted at']],
  ])
})

test.each([
  [{ dates: 'real' as const }, 46_054.001, 46_053.999],
  [{ dates: 'real' as const, timezone: 'Asia/Kolkata' }, 46_054.23, 46_054.229],
  [
    { dates: 'text' as const, timezone: 'Asia/Kolkata' },
    '2026-02-01 05:30:01+05:30',
    '2026-02-01 05:29:59+05:30',
  ],
])(
  'a row submitted after the log was read is not foreign, with times written as %j',
  (options, later, before) => {
    const comparison = new Comparison(toTimeCell(began, options))
    addRows(comparison, [
      ['new', later],
      ['old', before],
      ['sum', 99_999],
      ['note', 'later'],
    ])
    expect(comparison.findings().foreign.map(({ locations }) => locations[0]?.row)).toEqual([
      3, 4, 5,
    ])
  },
)

test('a value and what Sheets returns for it have the same text', () => {
  const pairs: [unknown, unknown][] = [
    [undefined, ''],
    [null, ''],
    [true, 'TRUE'],
    [8.04, '8.04'],
    [0.1 + 0.2, 0.3],
    [-0, 0],
    ['two\r\nlines', 'two\nlines'],
  ]
  for (const [one, other] of pairs) expect(toText(one)).toBe(toText(other))
  expect(toText('007')).not.toBe(toText(7))
  expect(toText(' a')).not.toBe(toText('a'))
})
