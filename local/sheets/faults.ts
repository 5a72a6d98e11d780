// Faults between a client and Google, on demand, for tests and demos.
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { check, GoogleError } from './api/google-error.ts'
import { createQuota } from './quota.ts'

const rate = z.number().min(0).max(1)

/** Rates are shares of the calls, 0 to 1. */
export const Faults = z.strictObject({
  rate429: rate.default(0),
  rate503: rate.default(0),
  /** Gets no response, and nothing is written. */
  rateHang: rate.default(0),
  /** Written, but the connection breaks before the response. */
  rateAppliedButLost: rate.default(0),
  /** Ids of spreadsheets that are not shared with the caller. */
  denied: z.array(z.string()).default([]),
  /** No credentials are accepted. */
  unauthorized: z.boolean().default(false),
  latencyMs: z.int().min(0).max(60_000).default(0),
  quota: z.boolean().default(false),
})
export type Faults = z.output<typeof Faults>

export function createFaults(atStart: z.input<typeof Faults>) {
  let faults = Faults.parse(atStart)
  const quota = createQuota()
  const occurs = (share: number) => Math.random() < share

  return {
    show: () => faults,

    /** Settings that are left out go back to their values at the start. */
    set(wanted: unknown): Faults {
      faults = check(Faults, { ...atStart, ...check(z.looseObject({}), wanted) })
      quota.reset()
      return faults
    },

    /** Ends early when the emulator closes. */
    delay: (signal: AbortSignal) =>
      faults.latencyMs && sleep(faults.latencyMs, undefined, { signal }).catch(() => undefined),

    hangs: () => occurs(faults.rateHang),
    losesAnswer: (kind: 'read' | 'write') => kind === 'write' && occurs(faults.rateAppliedButLost),

    refuse(kind: 'read' | 'write', user: string, spreadsheet: string): void {
      if (faults.unauthorized) {
        throw new GoogleError(401, 'Request had invalid authentication credentials.')
      }
      if (faults.denied.includes(spreadsheet)) {
        throw new GoogleError(403, 'The caller does not have permission')
      }
      const exceeded = faults.quota && quota.take(kind, user)
      if (exceeded) throw new GoogleError(429, exceeded)
      if (occurs(faults.rate429)) throw new GoogleError(429, 'Resource has been exhausted.')
      if (occurs(faults.rate503)) {
        throw new GoogleError(503, 'The service is currently unavailable.')
      }
    },
  }
}
