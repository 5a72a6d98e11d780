import { expect, test } from '@jest/globals'
import { columnName, formatRange, parseA1, toBox } from './a1.ts'

const grid = { rows: 1000, columns: 26 }

test.each([
  ['A1', { top: 0, left: 0, bottom: 1, right: 1 }],
  ['$B$2:C10', { top: 1, left: 1, bottom: 10, right: 3 }],
  ['C10:B2', { top: 1, left: 1, bottom: 10, right: 3 }],
  ['A:A', { top: 0, left: 0, bottom: 1000, right: 1 }],
  ['A5:A', { top: 4, left: 0, bottom: 1000, right: 1 }],
  ['1:1', { top: 0, left: 0, bottom: 1, right: 26 }],
  ['aa2:2', { top: 1, left: 26, bottom: 2, right: 26 }],
])('%s is parsed to its box', (text, box) => {
  expect(toBox(parseA1(text)!.corners!, grid)).toEqual(box)
})

test.each(['A', '12', 'A0', 'A1:', ':A1', 'A1:B2:C3', 'X!', 'X!Y!', 'ABCD1'])(
  '%s is not a range',
  (text) => {
    expect(parseA1(text)).toBeUndefined()
  },
)

test('a title may be quoted; a quote in it is doubled', () => {
  expect(parseA1("'Ann''s answers'!A:B")?.title).toBe("Ann's answers")
  expect(parseA1("'Responses 2'")).toEqual({ title: 'Responses 2' })
  expect(formatRange("Ann's answers", { top: 0, left: 0, bottom: 2, right: 28 })).toBe(
    "'Ann''s answers'!A1:AB2",
  )
})

test('column names are those of a spreadsheet', () => {
  expect([0, 25, 26, 701, 702].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA'])
})
