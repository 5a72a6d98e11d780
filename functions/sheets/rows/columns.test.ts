import { expect, test } from '@jest/globals'
import {
  columnLetters,
  findColumns,
  findHeader,
  findWholeHeader,
  isHeader,
  toNames,
} from './columns.ts'

const field = (name: string, label = name) => ({ name, label })
const owned = (name: string, index: number) => ({ name, index, metadataId: 100 + index })
const at = (entries: Record<string, number>) => new Map(Object.entries(entries))

test('a column is ours by its metadata, whatever its header says', () => {
  const found = findColumns(
    ['My id', '', 'name'],
    [owned('id', 0), owned('name', 1)],
    [field('id'), field('name')],
  )
  // The empty header of `name` and a column of that title: its cells were cut and pasted there.
  expect(found).toEqual({
    at: at({ id: 0, name: 2 }),
    claims: [{ name: 'name', index: 2, replaces: 101 }],
    missing: [],
  })
  const renamed = findColumns(['id', 'Full name', 'name'], [owned('name', 1)], [field('name')])
  expect(renamed).toEqual({ at: at({ name: 1 }), claims: [], missing: [] })
})

test('a header that was cleared loses no column, nor do two of one title take it', () => {
  const cleared = findColumns([], [owned('name', 3)], [field('name')])
  expect(cleared.at).toEqual(at({ name: 3 }))
  const twice = findColumns(['', 'name', 'name'], [owned('name', 0)], [field('name')])
  expect(twice.at).toEqual(at({ name: 0 }))
})

test('without metadata its name or label makes a column ours, of two the first', () => {
  const header = ['note', ' id ', 'Your name', 'id', '']
  expect(findColumns(header, [], [field('id'), field('name', 'Your name'), field('age')])).toEqual({
    at: at({ id: 1, name: 2 }),
    claims: [
      { name: 'id', index: 1 },
      { name: 'name', index: 2 },
    ],
    missing: [field('age')],
  })
})

test('two fields of one label have two columns', () => {
  const found = findColumns(['Date', 'Date'], [], [field('from', 'Date'), field('to', 'Date')])
  expect(found.at).toEqual(at({ from: 0, to: 1 }))
})

test('the header row is the first that names both columns of ours, else one of them', () => {
  const title = ['Answers of the spring']
  expect(findHeader([title, [], ['', 'submitted at', 'id']])).toBe(3)
  // An answer may be "id".
  expect(
    findHeader([
      ['s-1', 'x', 'id'],
      ['id', 'submitted at'],
    ]),
  ).toBe(2)
  expect(findHeader([title, ['Submission', 'submitted at']])).toBe(2)
  expect(findWholeHeader([title, ['Submission', 'submitted at']])).toBeUndefined()
  expect(findHeader([title, ['s-1', 'x']])).toBeUndefined()
  expect(isHeader(['', ' id '])).toBe(true)
  expect(isHeader(['identity'])).toBe(false)
})

test('columns by index have the names of their fields, others none', () => {
  expect(toNames(at({ id: 2, name: 0 }))).toEqual(['name', '', 'id'])
})

test.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [51, 'AZ'],
  [52, 'BA'],
  [701, 'ZZ'],
  [702, 'AAA'],
  [18_277, 'ZZZ'],
])('the column %d is %s', (index, letters) => {
  expect(columnLetters(index)).toBe(letters)
})
