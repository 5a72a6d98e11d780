// A run shows something only if its fault happened, and submissions arrived at the same time.
import { expect } from '@jest/globals'
import type { Counts } from './scenario.ts'

export function expectFaultHappened({ harm, beside }: Counts): void {
  expect(harm).toBeGreaterThan(0)
  expect(beside).toBeGreaterThan(0)
}
