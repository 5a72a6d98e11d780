// What the sheets task counts for Prometheus.
import { Counter, Gauge } from 'prom-client'
import type { Buffer } from './buffer.ts'
import type { Flusher } from './flusher.ts'

const calls = new Counter({
  name: 'formstream_sheets_calls_total',
  help: 'Calls to Google Sheets, by what was answered',
  labelNames: ['kind', 'status'],
})
const rows = new Counter({
  name: 'formstream_sheets_rows_total',
  help: 'Rows that stand in a sheet, and of which that was said',
})
const late = new Counter({
  name: 'formstream_sheets_late_total',
  help: 'Rows that were given a place below one that was submitted after them',
})

export const countCall = (kind: 'read' | 'write', status: number): void =>
  calls.inc({ kind, status })

export const countRecorded = (): void => rows.inc()

export const countLate = (times: number): void => late.inc(times)

interface Shown {
  buffer: Buffer
  flusher: Flusher
}
let shown: Shown | undefined

/** Both are read when Prometheus asks. */
export function showWaiting(buffer: Buffer, flusher: Flusher): void {
  shown = { buffer, flusher }
}

new Gauge({
  name: 'formstream_sheets_waiting',
  help: 'Rows that wait to be written',
  labelNames: ['spreadsheet'],
  async collect() {
    const waiting = (await shown?.buffer.waiting()) ?? []
    this.reset()
    for (const { spreadsheet, rows } of waiting) this.set({ spreadsheet }, rows)
  },
})
new Gauge({
  name: 'formstream_sheets_blocked',
  help: '1 for a spreadsheet that Google refuses until a person repairs it; credentials: for all of them',
  labelNames: ['spreadsheet'],
  collect() {
    this.reset()
    for (const spreadsheet of Object.keys(shown?.flusher.troubles.toRepair() ?? {})) {
      this.set({ spreadsheet }, 1)
    }
  },
})
