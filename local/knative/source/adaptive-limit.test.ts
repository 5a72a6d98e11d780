import { expect, test } from '@jest/globals'
import { AdaptiveLimit } from './adaptive-limit.ts'

const after = (limit: AdaptiveLimit, busy: number[], from = 0): number => {
  for (const [n, one] of busy.entries()) limit.adjust(one, from + 50 * n)
  return limit.value
}

test('the limit rises to the maximum while the task is idle, and falls while the task is busy', () => {
  const limit = new AdaptiveLimit(100)
  expect(limit.value).toBe(16)
  expect(after(limit, Array(10).fill(0.3))).toBe(100)
  expect(after(limit, Array(20).fill(0.99), 10_000)).toBe(16)
  expect(after(limit, Array(10).fill(0.3), 20_000)).toBe(100)
})

test('adjustments depend on time, not on the number of deliveries', () => {
  const limit = new AdaptiveLimit(100)
  for (let n = 0; n < 1000; n++) limit.adjust(0.1, 40)
  expect(limit.value).toBe(24)
})

test('a maximum below the default minimum is kept', () => {
  const limit = new AdaptiveLimit(2)
  expect([limit.value, after(limit, [0.1, 0.1, 0.99])]).toEqual([2, 2])
})
