// What the sheets task counts for Prometheus.
import { Counter, Gauge } from 'prom-client'
import type { Flusher, Standstill } from './flusher.ts'
import { isBlocked } from './retry-state.ts'

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

let shown: Pick<Flusher, 'waiting'> | undefined

/** Read when Prometheus asks. */
export function showWaiting(flusher: Pick<Flusher, 'waiting'>): void {
  shown = flusher
}

function showOfEachTab(name: string, help: string, numberOf: (tab: Standstill) => number): void {
  new Gauge({
    name,
    help,
    labelNames: ['spreadsheet', 'tab'],
    collect() {
      this.reset()
      for (const one of shown?.waiting() ?? []) {
        this.set({ spreadsheet: one.spreadsheet, tab: one.tab }, numberOf(one))
      }
    },
  })
}

showOfEachTab(
  'formstream_sheets_waiting',
  'Rows that wait to be written; none for a tab without any',
  ({ rows }) => rows,
)
showOfEachTab(
  'formstream_sheets_oldest_seconds',
  'How long ago the oldest of the rows that wait was submitted',
  ({ oldest }) => (Date.now() - Date.parse(oldest)) / 1000,
)
showOfEachTab(
  'formstream_sheets_blocked',
  '1 where the rows of a tab wait until a person repairs something, else 0',
  ({ reason }) => (isBlocked(reason) ? 1 : 0),
)
