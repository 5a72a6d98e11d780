import { expect, test } from '@jest/globals'
import { compareRanks } from '../bench/parts/rank-test.ts'

const from = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n)

test('lists that are alike', () => {
  expect(compareRanks(from(0, 100), from(0, 100))).toEqual({ longer: 0.5, z: 0 })
})

test('lists of which one is always longer', () => {
  const { longer, z } = compareRanks(from(100, 100), from(0, 100))
  expect(longer).toBe(1)
  expect(z).toBeCloseTo(12.2, 1)
  expect(compareRanks(from(0, 100), from(100, 100)).longer).toBe(0)
})

test('equal times count as half', () => {
  expect(compareRanks([1, 1], [1, 2]).longer).toBe(0.25)
})
