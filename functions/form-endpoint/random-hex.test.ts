import { expect, test } from '@jest/globals'
import { randomHex } from './random-hex.ts'

test('each call gives other digits, two for each byte', () => {
  // More than are taken from the system at once.
  const made = Array.from({ length: 1000 }, () => randomHex(24))
  expect(new Set(made).size).toBe(1000)
  for (const one of made) expect(one).toMatch(/^[0-9a-f]{48}$/)
})
