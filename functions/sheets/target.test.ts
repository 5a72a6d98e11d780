import { expect, test } from '@jest/globals'
import { findClash, partsAmong } from './target.ts'

test('the parts of a tab are in order, without tabs of other titles', () => {
  const titles = ['R 10', 'R 2', 'Sums', 'R', 'R 02', 'R 1', 'R 2 copy', 'R2', 'Copy of R']
  expect(partsAmong('R', titles)).toEqual(['R', 'R 2', 'R 10'])
})

test('case is ignored in titles, as Google ignores it', () => {
  expect(partsAmong('responses', ['Responses', 'RESPONSES 2', 'Response'])).toEqual([
    'Responses',
    'RESPONSES 2',
  ])
})

const at = (tab: string, spreadsheet = 's') => ({ spreadsheet, tab })

test.each([
  [at('Responses'), at('Responses'), 'a tab of its own, found "Responses"'],
  [at('Responses'), at('responses'), 'a tab of its own, found "Responses"'],
  [
    at('RESPONSES 2'),
    at('Responses'),
    'a tab that "Responses" does not rotate to, found "RESPONSES 2"',
  ],
  [
    at('Responses'),
    at('responses 17'),
    'a tab that does not rotate to "responses 17", found "Responses"',
  ],
  [at('Responses'), at('Responses', 'other'), undefined],
  [at('Class 2'), at('Class 3'), undefined],
  [at('Class'), at('Class 1'), undefined],
  [at('Responses'), at('Responses 2b'), undefined],
  [at('Responses'), at('Responses 02'), undefined],
  [at('Responses'), at('Responses2'), undefined],
])('two forms with the targets %j and %j', (one, other, expected) => {
  expect(findClash(one, other)).toBe(expected)
})
