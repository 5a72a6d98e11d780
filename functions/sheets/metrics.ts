// Prometheus metrics of the sheets task.
import { Counter, Gauge } from 'prom-client'
import type { Backlog } from './backlog.ts'
import { needsRepair } from './google/errors.ts'

const calls = new Counter({
  name: 'formstream_sheets_calls_total',
  help: 'Calls to Google Sheets, by status of the answer',
  labelNames: ['kind', 'status'],
})
const rows = new Counter({
  name: 'formstream_sheets_rows_total',
  help: 'Rows that are in a sheet and whose event was published',
})
const late = new Counter({
  name: 'formstream_sheets_late_total',
  help: 'Rows below a row that was submitted after them',
})

export const countCall = (kind: 'read' | 'write', status: number): void =>
  calls.inc({ kind, status })

export const countRecorded = (): void => rows.inc()

export const countLate = (count: number): void => late.inc(count)

let readBacklogs: () => Backlog[] = () => []

/** `read` is called whenever Prometheus collects. */
export function exposeBacklogs(read: () => Backlog[]): void {
  readBacklogs = read
}

function gaugeByTab(name: string, help: string, toValue: (backlog: Backlog) => number): void {
  new Gauge({
    name,
    help,
    labelNames: ['spreadsheet', 'tab'],
    collect() {
      this.reset()
      for (const backlog of readBacklogs()) {
        this.set({ spreadsheet: backlog.spreadsheet, tab: backlog.tab }, toValue(backlog))
      }
    },
  })
}

gaugeByTab(
  'formstream_sheets_waiting',
  'Rows that wait to be written; no value for a tab without any',
  ({ rows }) => rows,
)
gaugeByTab(
  'formstream_sheets_oldest_seconds',
  'Seconds since the oldest waiting row was submitted',
  ({ oldest }) => (Date.now() - Date.parse(oldest)) / 1000,
)
gaugeByTab(
  'formstream_sheets_blocked',
  '1 if the rows of a tab wait until a person repairs something, else 0',
  ({ reason }) => (needsRepair(reason) ? 1 : 0),
)
