// What is missing, altered, moved, doubled and foreign, of rows that are literals.
import { expect, test } from '@jest/globals'
import { toText } from './cell-text.ts'
import { Comparison } from './comparison.ts'

const header = ['id', 'submitted at', 'name', 'age', 'note of a person']
const time = '2026-01-02T03:04:05.000Z'
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

/** Expects `a`, `b` and `c`, recorded in rows 2 to 4. */
function given(): Comparison {
  const comparison = new Comparison(began)
  for (const [index, id] of ['a', 'b', 'c'].entries()) {
    comparison.expect(entry(id))
    comparison.record(id, { tab: 'R', row: index + 2 })
  }
  return comparison
}

const see = (comparison: Comparison, rows: unknown[][], tab = 'R', columns = header) => {
  for (const [index, cells] of rows.entries())
    comparison.see(columns, cells, { tab, row: index + 2 })
}
const row = (id: string, name: unknown = 'Ann', age: unknown = 5) => [id, time, name, age]

/** Counts of what is not as it should be. */
const counts = (comparison: Comparison) =>
  Object.fromEntries(
    Object.entries(comparison.findings())
      .filter(
        (entry): entry is [string, object[]] => Array.isArray(entry[1]) && entry[1].length > 0,
      )
      .map(([kind, found]) => [kind, found.length]),
  )

test('rows as they were written: nothing is found', () => {
  const comparison = given()
  see(comparison, [row('a'), row('b'), row('c')])
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

test('a row that was cleared is missing, and its empty cells are no row', () => {
  const comparison = given()
  see(comparison, [row('a'), [], row('c')])
  expect(counts(comparison)).toEqual({ missing: 1 })
  expect(comparison.findings().missing).toEqual([
    { id: 'b', spots: [], recorded: { tab: 'R', row: 3 } },
  ])
})

test('a row that was deleted is missing, and those below it have moved', () => {
  const comparison = given()
  see(comparison, [row('a'), row('c')])
  expect(counts(comparison)).toEqual({ missing: 1, moved: 1 })
})

test('a row in a tab of the same series has moved only if it was recorded in another', () => {
  const comparison = given()
  see(comparison, [row('a'), row('b')])
  see(comparison, [row('c')], 'R 2')
  expect(comparison.findings().moved).toMatchObject([{ id: 'c', spots: [{ tab: 'R 2', row: 2 }] }])
})

test('a changed cell is named by its column, whatever order the columns have', () => {
  const comparison = given()
  const columns = ['age', 'id', 'name']
  const rows = [
    [6, 'a', 'Bob'],
    [5, 'b', 'Ann'],
    [5, 'c', 'Ann'],
  ]
  see(comparison, rows, 'R', columns)
  expect(comparison.findings().altered).toMatchObject([{ id: 'a', altered: ['name', 'age'] }])
})

test('what a person writes into columns of their own alters nothing', () => {
  const comparison = given()
  see(comparison, [[...row('a'), 'called'], row('b'), row('c')])
  expect(counts(comparison)).toEqual({})
})

test('an id that stands twice is doubled, once, and not altered or moved', () => {
  const comparison = given()
  see(comparison, [row('a'), row('b'), row('c'), row('b', 'other')])
  expect(counts(comparison)).toEqual({ doubled: 1 })
  expect(comparison.findings().doubled[0]?.spots.map((spot) => spot.row)).toEqual([3, 5])
})

test('rows without an id or with one that the log does not know are foreign', () => {
  const comparison = given()
  see(comparison, [row('a'), row('b'), row('c'), ['', '', 'sum', 15], row('x')])
  expect(counts(comparison)).toEqual({ foreign: 2 })
})

test('a submission that came after the log was read is not foreign', () => {
  const comparison = given()
  see(comparison, [row('a'), row('b'), row('c'), ['new', '2026-02-01T00:00:01.000Z', 'Eve', 1]])
  expect(counts(comparison)).toEqual({})
})

test('what was recorded in another spreadsheet is not missing here', () => {
  const comparison = given()
  comparison.record('b', undefined)
  see(comparison, [row('a'), [], row('c')])
  expect(counts(comparison)).toEqual({})
  expect(comparison.findings().expected).toBe(2)
})

test('the last place that was recorded counts, and the first event of an id', () => {
  const comparison = given()
  comparison.record('a', { tab: 'R', row: 9 })
  comparison.expect(entry('b', 'later'))
  see(comparison, [row('a'), row('b'), row('c')])
  expect(counts(comparison)).toEqual({ moved: 1 })
})

test('a value and what Sheets makes of it are one text', () => {
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
