// Opens the clients of the sheets task: the buffer for waiting rows, and the flusher that writes them to Google Sheets.
import { submissionRecorded } from '#kafka/events.ts'
import type { Closable, TaskContext } from '#kit/define-task.ts'
import { toNotes } from './backlog.ts'
import { openBuffer } from './buffer/open.ts'
import type { RowBuffer } from './buffer/port.ts'
import type { Config } from './config.ts'
import { Flusher } from './flusher.ts'
import { connectSheets, type SheetsApi } from './google/client.ts'
import { Quota } from './google/quota.ts'
import { Tab, titlesOf } from './google/tab.ts'
import { countCall, countRecorded, exposeBacklogs } from './metrics.ts'
import type { Entry } from './row.ts'
import { RotatingTab } from './rows/rotation.ts'
import { keyOf, type Target } from './target.ts'

export interface Sheets extends Closable {
  /** Resolves when the row is stored durably: it will be written to the sheet once. */
  add(spreadsheet: string, entry: Entry): Promise<void>
  /** Writes all waiting rows. */
  flush(): Promise<void>
}

/** Time limit for the last flush, ms. SIGTERM gives a function 25 seconds; the rest is for closing buffer and sink. */
const lastFlush = 15_000

export async function openSheets(
  config: Config,
  { log, emit, optionsOf }: TaskContext<ReturnType<typeof submissionRecorded>, Target>,
): Promise<Sheets> {
  const buffer = await openBuffer(config)
  const quota = new Quota(buffer.takeCall.bind(buffer), config.SHEETS_CALLS_PER_MINUTE)
  const api = connectSheets({
    rootUrl: config.SHEETS_ROOT_URL,
    timeout: config.SHEETS_TIMEOUT_MS,
    quota,
    onCall: countCall,
  })
  const tabOf = openOnce(config, { api, buffer })
  const flusher = new Flusher({
    buffer,
    quota,
    every: config.SHEETS_BATCH_MS,
    watermark: config.SHEETS_WATERMARK_MS,
    log,
    targetOf: optionsOf,
    write: async (target, entries) => (await tabOf(target)).write(entries),
    async publish(spreadsheet, { cause }, { tab, row }) {
      await emit(cause, [submissionRecorded({ spreadsheet, tab, row })])
      countRecorded()
    },
  })
  exposeBacklogs(() => flusher.backlogs())

  return {
    add: (spreadsheet, entry) => buffer.add(spreadsheet, [entry]),
    flush: () => flusher.flush(),
    // Only the buffer decides about readiness: a delivery is safe there whatever Google answers. Google's problems are notes.
    problem: () => buffer.problem(),
    notes: () => toNotes(flusher.backlogs(), Date.now()),
    async close() {
      await flusher.close(lastFlush)
      await buffer.close()
    },
  }
}

/** Keeps a tab between flushes, with what it knows about the sheet. */
function openOnce(
  config: Config,
  { api, buffer }: { api: SheetsApi; buffer: RowBuffer },
): (target: Target) => Promise<RotatingTab> {
  const tabs = new Map<string, RotatingTab>()
  return async (target) => {
    const known = tabs.get(keyOf(target))
    if (known) return known
    const { spreadsheet, tab: title } = target
    const opened = new RotatingTab({
      tab: (own) => new Tab(api, spreadsheet, own),
      titles: () => titlesOf(api, spreadsheet),
      ledger: await buffer.ledger(spreadsheet, title),
      title,
      maxCells: config.SHEETS_TAB_CELLS,
      timeout: config.SHEETS_TIMEOUT_MS,
    })
    tabs.set(keyOf(target), opened)
    return opened
  }
}
