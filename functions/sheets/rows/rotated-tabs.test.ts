// Which tabs are those of a form.
import { expect, test } from '@jest/globals'
import { seriesOf } from './rotated-tabs.ts'

test('a tab and those it rotated to, in their order; other tabs are none of them', () => {
  const titles = ['R 10', 'R 2', 'Sums', 'R', 'R 02', 'R 1', 'R 2 copy', 'R2', 'Copy of R']
  expect(seriesOf('R', titles)).toEqual(['R', 'R 2', 'R 10'])
})

test('titles compare without case, as Google compares them', () => {
  expect(seriesOf('responses', ['Responses', 'RESPONSES 2', 'Response'])).toEqual([
    'Responses',
    'RESPONSES 2',
  ])
})
