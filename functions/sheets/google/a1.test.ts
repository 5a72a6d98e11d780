import { expect, test } from '@jest/globals'
import { columnLetters, toRange } from './a1.ts'

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

test('a range quotes the title of its tab, with or without cells', () => {
  expect(toRange("Ann's answers", 'A1:B2')).toBe("'Ann''s answers'!A1:B2")
  expect(toRange('Responses')).toBe("'Responses'")
})
