import { expect, test } from '@jest/globals'
import { Pace } from './adaptive-limit.ts'

const after = (pace: Pace, busy: number[], from = 0): number => {
  for (const [n, one] of busy.entries()) pace.step(one, from + 50 * n)
  return pace.limit
}

test('while the task waits for others more are under way, up to the most; while it is busy itself, fewer', () => {
  const pace = new Pace(100)
  expect(pace.limit).toBe(16)
  expect(after(pace, Array(10).fill(0.3))).toBe(100)
  expect(after(pace, Array(20).fill(0.99), 10_000)).toBe(16)
  expect(after(pace, Array(10).fill(0.3), 20_000)).toBe(100)
})

test('it steps by time, however many deliveries there are', () => {
  const pace = new Pace(100)
  for (let n = 0; n < 1000; n++) pace.step(0.1, 40)
  expect(pace.limit).toBe(24)
})

test('where only few are wanted there are never more', () => {
  const pace = new Pace(2)
  expect([pace.limit, after(pace, [0.1, 0.1, 0.99])]).toEqual([2, 2])
})
