import { expect, test } from '@jest/globals'
import { columnLetters, extendHeader, toCells } from './columns.ts'

test('an empty sheet gets the id, the time and the fields, in this order', () => {
  expect(extendHeader([], ['name', 'age'])).toEqual(['id', 'submitted at', 'name', 'age'])
})

test('columns that are there stay where they are; new ones come at the right', () => {
  const moved = ['age', 'note', 'id']
  expect(extendHeader(moved, ['name', 'age'])).toEqual([...moved, 'submitted at', 'name'])
  const full = extendHeader([], ['name'])
  expect(extendHeader(full, ['name'])).toEqual(full)
})

test('values stand under their column, wherever it is', () => {
  const values = new Map<string, string | number | boolean>([
    ['id', 's-1'],
    ['age', 0],
    ['agreed', false],
    ['text', ''],
  ])
  expect(toCells(['text', 'agreed', 'age', 'id'], values)).toEqual(['', false, 0, 's-1'])
})

test('cells of columns that are not ours are left as they are', () => {
  const values = new Map([['id', 's-1']])
  expect(toCells(['note', 'id', '', 'constructor'], values)).toEqual([null, 's-1', null, null])
})

test('of two columns of one name the first is ours', () => {
  expect(
    toCells(
      ['id', 'a', 'id', 'a'],
      new Map([
        ['id', 's-1'],
        ['a', 'x'],
      ]),
    ),
  ).toEqual(['s-1', 'x', null, null])
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
