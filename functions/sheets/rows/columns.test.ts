import { expect, test } from '@jest/globals'
import type { MarkedColumn } from '../google/tab-snapshot.ts'
import { findColumns, findCompleteHeader, findHeader, isHeader, toNames } from './columns.ts'

const field = (name: string, label = name) => ({ name, label })
const marked = (name: string, index: number) => ({ name, index, metadataId: 100 + index })
const tab = (header: string[], markedColumns: MarkedColumn[] = []) => ({ header, markedColumns })
const at = (entries: Record<string, number>) => new Map(Object.entries(entries))

test('a column is recognised by its metadata, whatever its header', () => {
  const found = findColumns(tab(['My id', '', 'name'], [marked('id', 0), marked('name', 1)]), [
    field('id'),
    field('name'),
  ])
  // `name` has an empty header, and another column has its title: its cells were cut and pasted there.
  expect(found).toEqual({
    at: at({ id: 0, name: 2 }),
    unmarked: [{ name: 'name', index: 2, replaces: 101 }],
    missing: [],
  })
  const renamed = findColumns(tab(['id', 'Full name', 'name'], [marked('name', 1)]), [
    field('name'),
  ])
  expect(renamed).toEqual({ at: at({ name: 1 }), unmarked: [], missing: [] })
})

test('a column with a cleared header keeps its field, also if two others have its title', () => {
  const cleared = findColumns(tab([], [marked('name', 3)]), [field('name')])
  expect(cleared.at).toEqual(at({ name: 3 }))
  const twice = findColumns(tab(['', 'name', 'name'], [marked('name', 0)]), [field('name')])
  expect(twice.at).toEqual(at({ name: 0 }))
})

test('without metadata a column is recognised by name or label; the first match counts', () => {
  const header = ['note', ' id ', 'Your name', 'id', '']
  expect(
    findColumns(tab(header, []), [field('id'), field('name', 'Your name'), field('age')]),
  ).toEqual({
    at: at({ id: 1, name: 2 }),
    unmarked: [
      { name: 'id', index: 1 },
      { name: 'name', index: 2 },
    ],
    missing: [field('age')],
  })
})

test('two fields with the same label have two columns', () => {
  const found = findColumns(tab(['Date', 'Date'], []), [field('from', 'Date'), field('to', 'Date')])
  expect(found.at).toEqual(at({ from: 0, to: 1 }))
})

test('the header row is the first with both the id and time columns, else the first with one of them', () => {
  const title = ['Spring answers']
  expect(findHeader([title, [], ['', 'submitted at', 'id']])).toBe(3)
  // An answer may be "id".
  expect(
    findHeader([
      ['s-1', 'x', 'id'],
      ['id', 'submitted at'],
    ]),
  ).toBe(2)
  expect(findHeader([title, ['Submission', 'submitted at']])).toBe(2)
  expect(findCompleteHeader([title, ['Submission', 'submitted at']])).toBeUndefined()
  expect(findHeader([title, ['s-1', 'x']])).toBeUndefined()
  expect(isHeader(['', ' id '])).toBe(true)
  expect(isHeader(['identity'])).toBe(false)
})

test('column names by index are field names, or empty for columns of people', () => {
  expect(toNames(at({ id: 2, name: 0 }))).toEqual(['name', '', 'id'])
})
