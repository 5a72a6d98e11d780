// Compares the submissions in the log with the rows of a sheet, and can write missing rows again.
import { setTimeout as delay } from 'node:timers/promises'
import type { SheetsApi } from '../google/client.ts'
import { columnsOf, requiredColumns } from '../rows/columns.ts'
import { type TimeOptions, toTimeCell } from '../rows/date-cells.ts'
import { existingParts } from '../rows/rotated-tabs.ts'
import type { Target } from '../target.ts'
import { Comparison, type Findings } from './comparison.ts'
import { type PageOptions, readPages } from './pages.ts'
import { type LogOptions, readPlannedRows, readRecordedRows } from './read-log.ts'
import { needsRepair, toLines } from './report.ts'
import { waitUntilHandled } from './wait-until-handled.ts'

export interface ReconcileOptions extends LogOptions {
  api: SheetsApi
  target: Target & TimeOptions
  /** How long the task lets a row wait for others, ms. */
  watermark: number
  repair: boolean
  print: (line: string) => void
}

/** Submissions younger than this are ignored, ms: they may have arrived after the log was read. */
const minAge = 60_000
const maxDeliveries = 20

/** Resolves to true if no row is missing or doubled. */
export async function reconcile(options: ReconcileOptions): Promise<boolean> {
  const { print } = options
  const printFindings = (findings: Findings) => {
    for (const line of toLines(findings)) print(line)
  }
  const before = await compare(options)
  printFindings(before)
  if (!options.repair || before.missing.length === 0) return !needsRepair(before)
  const rejected = await writeAgain(options, new Set(before.missing.map(({ id }) => id)))
  if (rejected > 0) print(`The task rejected ${rejected} events: they are dead letters now`)
  const after = await compare(options)
  print(`\nAfter the repair: ${before.missing.length} were missing, ${after.missing.length} are`)
  printFindings(after)
  return !needsRepair(after)
}

async function compare(options: ReconcileOptions): Promise<Findings> {
  const { target, instance, watermark, print } = options
  const start = new Date(Date.now() - minAge).toISOString()
  const comparison = new Comparison(toTimeCell(start, target))
  const columns = new Map(requiredColumns.map((column) => [column.name, column]))
  const rejected = await readPlannedRows(options, async ({ entry }) => {
    comparison.expect(entry)
    for (const column of columnsOf([entry])) columns.set(column.name, column)
  })
  if (rejected > 0) print(`${rejected} events the task would reject`)
  const unhandled = await waitUntilHandled(instance, 'sheets')
  if (unhandled > 0)
    print(`The task has not handled ${unhandled} events: their rows count as missing`)
  // Rows that were handled wait no longer than this for others; then a flush writes them.
  await delay(watermark)
  await instance.tick('sheets')
  await readRecordedRows(options, comparison)
  await readSheet(options, comparison, [...columns.values()])
  return comparison.findings()
}

async function readSheet(
  { api, target, showProgress }: ReconcileOptions,
  comparison: Comparison,
  columns: PageOptions['columns'],
): Promise<void> {
  for (const tab of await existingParts(api, target)) {
    const bar = showProgress(`rows of ${tab.title}`)
    for await (const { names, first, rows, length } of readPages(api, tab, {
      columns,
      begin: bar.begin,
    })) {
      for (const [index, cells] of rows.entries())
        comparison.addRow(names, cells, { tab: tab.title, row: first + index })
      bar.add(length)
    }
    bar.end()
  }
}

/** Delivers the events of missing rows again. Returns how many the task rejected. */
async function writeAgain(options: ReconcileOptions, missing: Set<string>): Promise<number> {
  const deliveries = new Set<Promise<void>>()
  let rejected = 0
  await readPlannedRows(options, async ({ entry }, event) => {
    if (!missing.delete(entry.id)) return
    if (deliveries.size >= maxDeliveries) await Promise.race(deliveries)
    const again = { ...event, headers: { ...event.headers, 'ce-again': 'true' } }
    const delivery = options.instance.deliver('sheets', again).then((accepted) => {
      deliveries.delete(delivery)
      if (!accepted) rejected += 1
    })
    deliveries.add(delivery)
  })
  await Promise.all(deliveries)
  return rejected
}
