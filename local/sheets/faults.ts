// What may go wrong between a client and Google, on demand, so that tests and demos meet it.
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { check, GoogleError } from './api/google-error.ts'
import { createQuota } from './quota.ts'

const rate = z.number().min(0).max(1)

/** Rates are shares of the calls, 0 to 1. */
export const Faults = z.strictObject({
  rate429: rate.default(0),
  rate503: rate.default(0),
  /** Never answered; nothing is written. */
  rateHang: rate.default(0),
  /** Written and kept, but the connection breaks before the answer. */
  rateAppliedButLost: rate.default(0),
  /** Spreadsheets that are not shared with whoever calls. */
  denied: z.array(z.string()).default([]),
  /** Nobody's credentials are accepted. */
  unauthorized: z.boolean().default(false),
  latencyMs: z.int().min(0).max(60_000).default(0),
  quota: z.boolean().default(false),
})
export type Faults = z.output<typeof Faults>

export function createFaults(atStart: z.input<typeof Faults>) {
  let faults = Faults.parse(atStart)
  const quota = createQuota()
  const strikes = (share: number) => Math.random() < share

  return {
    show: () => faults,

    /** What is left out goes back to what it was at the start. */
    set(wanted: unknown): Faults {
      faults = check(Faults, { ...atStart, ...check(z.looseObject({}), wanted) })
      quota.reset()
      return faults
    },

    /** Cut short when the emulator closes. */
    delay: (signal: AbortSignal) =>
      faults.latencyMs && sleep(faults.latencyMs, undefined, { signal }).catch(() => undefined),

    hangs: () => strikes(faults.rateHang),
    losesAnswer: (kind: 'read' | 'write') => kind === 'write' && strikes(faults.rateAppliedButLost),

    refuse(kind: 'read' | 'write', user: string, spreadsheet: string): void {
      if (faults.unauthorized) {
        throw new GoogleError(401, 'Request had invalid authentication credentials.')
      }
      if (faults.denied.includes(spreadsheet)) {
        throw new GoogleError(403, 'The caller does not have permission')
      }
      const exceeded = faults.quota && quota.take(kind, user)
      if (exceeded) throw new GoogleError(429, exceeded)
      if (strikes(faults.rate429)) throw new GoogleError(429, 'Resource has been exhausted.')
      if (strikes(faults.rate503)) {
        throw new GoogleError(503, 'The service is currently unavailable.')
      }
    },
  }
}
