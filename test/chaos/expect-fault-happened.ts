import { expect } from '@jest/globals'
import type { Counts } from './scenario.ts'

/** Fails unless the fault had an effect while submissions were sent; otherwise a run without losses proves nothing. */
export function expectFaultHappened({ harm, beside }: Counts): void {
  expect(harm).toBeGreaterThan(0)
  expect(beside).toBeGreaterThan(0)
}
