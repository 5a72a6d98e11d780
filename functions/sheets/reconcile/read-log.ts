// Reads from the log which rows a sheet should have, and where they were recorded.
import type * as z from 'zod'
import type { Message } from '#kafka/binary-mode.ts'
import { recorded, type submissionRecorded, validated } from '#kafka/events.ts'
import { readEvent } from '#kit/http/read-event.ts'
import { partOfTitle, type Target } from '../target.ts'
import type { Comparison } from './comparison.ts'
import type { DryRun, PlannedRow } from './dry-run.ts'
import type { Instance, ProgressBar } from './instance.ts'

export interface LogOptions {
  target: Target
  /** Forms that write to the target. */
  forms: ReadonlySet<string>
  dryRun: DryRun
  instance: Instance
  showProgress: (step: string) => ProgressBar
}

/** Calls `handle` for each event that makes a row of the target. Returns how many events the task would reject. */
export async function readPlannedRows(
  { target, forms, dryRun, instance, showProgress }: LogOptions,
  handle: (planned: PlannedRow, event: Message) => Promise<void>,
): Promise<number> {
  const bar = showProgress('submissions')
  let rejected = 0
  for await (const event of instance.records(validated.name, bar.begin)) {
    bar.add(1)
    if (!forms.has(event.headers['ce-form'] ?? '')) continue
    const planned = await dryRun(event).catch(() => null)
    if (planned === null) rejected += 1
    else if (planned?.spreadsheet === target.spreadsheet && planned.entry.tab === target.tab)
      await handle(planned, event)
  }
  bar.end()
  return rejected
}

export async function readRecordedRows(
  { target, forms, instance, showProgress }: LogOptions,
  comparison: Comparison,
): Promise<void> {
  const bar = showProgress('recorded')
  for await (const { headers, body } of instance.records(recorded.name, bar.begin)) {
    bar.add(1)
    if (!forms.has(headers['ce-form'] ?? '')) continue
    const event = readEvent(headers, body)
    const { spreadsheet, tab, row } = event.data as z.infer<typeof submissionRecorded.data>
    const isHere = spreadsheet === target.spreadsheet && partOfTitle(target.tab, tab) !== undefined
    comparison.record(event.subject ?? '', isHere ? { tab, row } : undefined)
  }
  bar.end()
}
