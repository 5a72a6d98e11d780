// The clients of the sheets task: the buffer that its rows wait in, and the flusher that takes them to Google.
import { submissionRecorded } from '#kafka/events.ts'
import type { Closable, Connected } from '#kit/define-task.ts'
import { notesOf } from './backlog.ts'
import { openBuffer } from './buffer/open.ts'
import type { Entry } from './buffer/port.ts'
import type { Config } from './config.ts'
import { Flusher } from './flusher.ts'
import { connectSheets } from './google/client.ts'
import { Governor } from './google/quota.ts'
import { Tab, titlesOf } from './google/tab.ts'
import { countCall, countRecorded, showWaiting } from './metrics.ts'
import { Series } from './rows/rotation.ts'
import { keyOf, type Target } from './target.ts'

export interface Sheets extends Closable {
  /** Resolves when the row is safe: it will stand in the sheet once. */
  add(spreadsheet: string, entry: Entry): Promise<void>
  /** Writes what waits. */
  flush(): Promise<void>
}

/** SIGTERM leaves a function 25 seconds; the buffer and the sink close in the rest. */
const lastFlush = 15_000

export async function openSheets(
  config: Config,
  { log, emit, optionsOf }: Connected<ReturnType<typeof submissionRecorded>, Target>,
): Promise<Sheets> {
  const buffer = await openBuffer(config)
  const governor = new Governor(buffer.take.bind(buffer), config.SHEETS_CALLS_PER_MINUTE)
  const timeout = config.SHEETS_TIMEOUT_MS
  const rootUrl = config.SHEETS_ROOT_URL
  const api = connectSheets({ rootUrl, timeout, governor, onCall: countCall })
  const series = new Map<string, Series>()

  async function seriesOf(target: Target): Promise<Series> {
    const known = series.get(keyOf(target))
    if (known) return known
    const { spreadsheet, tab: title } = target
    const opened = new Series({
      tab: (own) => new Tab(api, spreadsheet, own),
      titles: () => titlesOf(api, spreadsheet),
      ledger: await buffer.ledger(spreadsheet, title),
      title,
      maxCells: config.SHEETS_TAB_CELLS,
      timeout,
    })
    series.set(keyOf(target), opened)
    return opened
  }

  const flusher = new Flusher({
    buffer,
    governor,
    every: config.SHEETS_BATCH_MS,
    watermark: config.SHEETS_WATERMARK_MS,
    log,
    targetOf: optionsOf,
    write: async (target, entries) => (await seriesOf(target)).write(entries),
    async publish(spreadsheet, { cause }, { tab, row }) {
      await emit(cause, [submissionRecorded({ spreadsheet, tab, row })])
      countRecorded()
    },
  })
  showWaiting(flusher)

  return {
    add: (spreadsheet, entry) => buffer.add(spreadsheet, [entry]),
    flush: () => flusher.flush(),
    // Whatever Google says, a delivery is safe in the buffer: the task stays ready, and says what is to be repaired.
    problem: () => buffer.problem(),
    notes: () => notesOf(flusher.waiting(), Date.now()),
    async close() {
      await flusher.close(lastFlush)
      await buffer.close()
    },
  }
}
