import { expect, test } from '@jest/globals'
import { boundedTime } from './event-time.ts'

const now = Date.parse('2026-03-04T05:06:07.890Z')
const here = '2026-03-04T05:06:07.890Z'

test.each([
  '2026-03-04T05:06:07.000Z',
  '2026-03-04T10:36:07+05:30',
  '1999-01-01T00:00:00Z',
  // Clocks of machines differ a little.
  '2026-03-04T05:07:00.000Z',
])('%s stays as it is', (time) => {
  expect(boundedTime(time, now)).toBe(time)
})

test.each([
  ['of next year', '2027-03-04T05:06:07.890Z'],
  ['in two minutes', '2026-03-04T05:08:07.890Z'],
  ['of microseconds taken for milliseconds', '+057974-01-01T00:00:00.000Z'],
  ['before there were clocks', '-000001-01-01T00:00:00.000Z'],
  ['that nobody stamped', '1970-01-01T00:00:00.000Z'],
  ['with a leap second', '2016-12-31T23:59:60Z'],
  ['that is none', 'yesterday'],
  ['that is not there', undefined],
])('a time %s is now', (_, time) => {
  expect(boundedTime(time, now)).toBe(here)
})
