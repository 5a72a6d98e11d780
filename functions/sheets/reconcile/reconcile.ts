// Compares what was submitted, by the log, with what stands in the sheet; writes again what is missing.
import { setTimeout as delay } from 'node:timers/promises'
import type * as z from 'zod'
import type { Message } from '#kafka/binary-mode.ts'
import { recorded, type submissionRecorded, validated } from '#kafka/events.ts'
import { readEvent } from '#kit/http/read-event.ts'
import type { InstanceClient } from '../../../local/knative/instance-client.ts'
import { showing } from '../../../scripts/sheets/progress-bar.ts'
import { fieldsOf, ownFields } from '../rows/columns.ts'
import { toTimeCell } from '../rows/date-cells.ts'
import { type Api, isOfSeries, type SheetOptions, tabsOf } from '../rows/rotated-tabs.ts'
import { Comparison, type Findings } from './comparison.ts'
import type { WouldWrite, Written } from './dry-run.ts'
import { readPages } from './pages.ts'
import { isWrong, toLines } from './report.ts'
import { settled } from './wait-until-handled.ts'

export interface ReconcileOptions {
  api: Api
  place: SheetOptions
  /** Forms whose rows stand in this place. */
  forms: ReadonlySet<string>
  wouldWrite: WouldWrite
  /** The one that runs: it reads the log, delivers again, and writes what waits. */
  instance: InstanceClient
  /** Milliseconds that the task lets a row wait for others. */
  watermark: number
  repair: boolean
}

/** What is younger may have come after the log was read. */
const slack = 60_000
const deliveriesAtOnce = 20

/** Answers whether all is well. */
export async function reconcile(options: ReconcileOptions): Promise<boolean> {
  const before = await compare(options)
  print(before)
  if (!options.repair || before.missing.length === 0) return !isWrong(before)
  const refused = await writeAgain(options, new Set(before.missing.map(({ id }) => id)))
  if (refused > 0) console.log(`${refused} were refused by the task: they are dead letters now`)
  const after = await compare(options)
  console.log(
    `\nAfter the repair: ${before.missing.length} were missing, ${after.missing.length} are`,
  )
  print(after)
  return !isWrong(after)
}

const print = (findings: Findings): void => console.log(toLines(findings).join('\n'))

async function compare(options: ReconcileOptions): Promise<Findings> {
  const { api, place, instance, watermark } = options
  const comparison = new Comparison(toTimeCell(new Date(Date.now() - slack).toISOString(), place))
  const fields = new Map(ownFields.map((field) => [field.name, field]))
  const { unwritable } = await readSubmissions(options, async ({ entry }) => {
    comparison.expect(entry)
    for (const field of fieldsOf([entry])) fields.set(field.name, field)
  })
  if (unwritable > 0) console.log(`${unwritable} events are such that the task refuses them`)
  const unsettled = await settled(instance, 'sheets')
  if (unsettled > 0)
    console.log(`The task does not take ${unsettled} events: their rows count as missing`)
  // What has been read and settled waits no longer than this for others; then it is written.
  await delay(watermark)
  await instance.tick('sheets')
  await readRecorded(options, comparison)
  for (const tab of await tabsOf(api, place)) {
    const bar = showing(`rows of ${tab.title}`)
    const reading = { fields: [...fields.values()], begin: bar.begin }
    for await (const { names, first, rows, length } of readPages(api, tab, reading)) {
      for (const [index, cells] of rows.entries())
        comparison.see(names, cells, { tab: tab.title, row: first + index })
      bar.add(length)
    }
    bar.end()
  }
  return comparison.findings()
}

/** Each event that makes a row of this place, and how many the task would refuse. */
async function readSubmissions(
  { place, forms, wouldWrite, instance }: ReconcileOptions,
  handle: (written: Written, record: Message) => Promise<void>,
): Promise<{ unwritable: number }> {
  const bar = showing('submissions')
  let unwritable = 0
  for await (const record of instance.records(validated.name, bar.begin)) {
    bar.add(1)
    if (!forms.has(record.headers['ce-form'] ?? '')) continue
    const written = await wouldWrite(record).catch(() => null)
    if (written === null) unwritable += 1
    else if (written?.spreadsheet === place.spreadsheet && written.entry.tab === place.tab)
      await handle(written, record)
  }
  bar.end()
  return { unwritable }
}

async function readRecorded(
  { place, forms, instance }: ReconcileOptions,
  comparison: Comparison,
): Promise<void> {
  const bar = showing('recorded')
  for await (const { headers, body } of instance.records(recorded.name, bar.begin)) {
    bar.add(1)
    if (!forms.has(headers['ce-form'] ?? '')) continue
    const event = readEvent(headers, body)
    const { spreadsheet, tab, row } = event.data as z.infer<typeof submissionRecorded.data>
    const here = spreadsheet === place.spreadsheet && isOfSeries(place.tab, tab)
    comparison.record(event.subject ?? '', here ? { tab, row } : undefined)
  }
  bar.end()
}

/** Answers how many the task refused. */
async function writeAgain(options: ReconcileOptions, missing: Set<string>): Promise<number> {
  const underWay = new Set<Promise<void>>()
  let refused = 0
  await readSubmissions(options, async ({ entry }, record) => {
    if (!missing.delete(entry.id)) return
    if (underWay.size >= deliveriesAtOnce) await Promise.race(underWay)
    const again = { ...record, headers: { ...record.headers, 'ce-again': 'true' } }
    const delivery = options.instance.deliver('sheets', again).then((handled) => {
      underWay.delete(delivery)
      if (!handled) refused += 1
    })
    underWay.add(delivery)
  })
  await Promise.all(underWay)
  return refused
}
