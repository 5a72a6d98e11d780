// What a run must have had for its zeros to mean anything.
import { expect } from '@jest/globals'
import type { Counts } from './scenario.ts'

/** The fault struck, and load came beside it. */
export function expectStruck({ harm, beside }: Counts): void {
  expect(harm).toBeGreaterThan(0)
  expect(beside).toBeGreaterThan(0)
}
