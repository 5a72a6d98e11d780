// Takes the rows that wait to their sheets: in order of submission, one flush of a spreadsheet at a time, within the quota.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { toSheetsError } from './api.ts'
import type { Buffer, Entry, Lease } from './buffer.ts'
import type { Governor } from './governor.ts'
import type { Recorded } from './series.ts'
import { Troubles } from './troubles.ts'

export interface FlusherOptions {
  buffer: Buffer
  governor: Governor
  /** Writes the entries of one tab, in order; resolves when they stand. */
  write: (spreadsheet: string, tab: string, entries: Entry[]) => Promise<Map<string, Recorded>>
  /** Says that the row stands. */
  publish: (spreadsheet: string, entry: Entry, at: Recorded) => Promise<void>
  /** Milliseconds between two looks for what is due. */
  every: number
  /** Milliseconds that a row waits for others that were submitted before it. */
  watermark: number
  log: Logger
}

/** A call to Sheets takes rows until either is reached; Google recommends 2 MB. */
const mostRows = 10_000
const mostBytes = 2_000_000
/** What is published before it is removed: so many may be said again after a crash. */
const publishedAtOnce = 500
/** One that hangs must not hold up the others. */
const spreadsheetsAtOnce = 8
/** Milliseconds: how long the rows of an instance that died wait for the next, and how often one that lives says so. */
const leaseFor = 15_000
const renewEvery = 5000
/** Until a spreadsheet is tried again that another instance flushes. */
const elsewhere = 1000

export class Flusher {
  #options: FlusherOptions
  #underWay = new Map<string, Promise<void>>()
  readonly troubles: Troubles
  #closing = new AbortController()
  #running: Promise<void>

  constructor(options: FlusherOptions) {
    this.#options = options
    this.troubles = new Troubles(options.log)
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    const { every, watermark, log } = this.#options
    let away: string | undefined
    while (!this.#closing.signal.aborted) {
      const problem = await this.#start(watermark).then(
        () => undefined,
        (error: Error) => error.message,
      )
      if (problem && problem !== away) log.warn({ reason: problem }, 'the buffer does not answer')
      away = problem
      const pause = problem ? Math.max(every, 1000) : every
      await delay(pause, undefined, { signal: this.#closing.signal }).catch(() => {})
    }
  }

  /** Tries now whatever waits, also what failed before. Resolves when it is written or has failed again. */
  async flush(watermark = this.#options.watermark): Promise<void> {
    this.troubles.retry()
    do {
      await Promise.all(this.#underWay.values())
      await this.#start(watermark)
    } while (this.#underWay.size > 0)
  }

  /** Begins a flush of each spreadsheet that has something due and may be tried. */
  async #start(watermark: number): Promise<void> {
    const until = cutOff(watermark)
    for (const { spreadsheet, oldest } of await this.#options.buffer.waiting()) {
      if (this.#underWay.size >= spreadsheetsAtOnce) return
      if (oldest > until || this.#underWay.has(spreadsheet)) continue
      if (!this.troubles.mayTry(spreadsheet)) continue
      const flushing = this.#flush(spreadsheet, watermark)
      this.#underWay.set(
        spreadsheet,
        flushing.finally(() => this.#underWay.delete(spreadsheet)),
      )
    }
  }

  async #flush(spreadsheet: string, watermark: number): Promise<void> {
    const { buffer, governor } = this.#options
    try {
      const lease = await buffer.lease(spreadsheet, leaseFor)
      if (!lease) {
        this.troubles.leave(spreadsheet, elsewhere)
        return
      }
      const renewing = setInterval(() => void lease.renew().catch(() => {}), renewEvery)
      try {
        // Collected once the quota has room: while it has none, batches grow.
        while (await governor.reserve(() => this.#flushOnce(spreadsheet, watermark, lease)));
      } finally {
        clearInterval(renewing)
        await lease.release()
      }
      this.troubles.worked(spreadsheet)
    } catch (error) {
      this.troubles.failed(spreadsheet, toSheetsError(error as Error))
    }
  }

  /** True where more is due. */
  async #flushOnce(spreadsheet: string, watermark: number, lease: Lease): Promise<boolean> {
    const { buffer, write } = this.#options
    if (!(await lease.renew())) return false
    const due = await buffer.due(spreadsheet, cutOff(watermark), mostRows)
    const entries = withinBytes(due)
    for (const [tab, own] of Map.groupBy(entries, (entry) => entry.tab)) {
      const recorded = await write(spreadsheet, tab, own)
      for (let n = 0; n < own.length; n += publishedAtOnce) {
        await this.#say(spreadsheet, own.slice(n, n + publishedAtOnce), recorded)
      }
    }
    return entries.length < due.length || due.length === mostRows
  }

  /** What was said is done with, whatever became of the others: those are said again. */
  async #say(
    spreadsheet: string,
    entries: Entry[],
    recorded: ReadonlyMap<string, Recorded>,
  ): Promise<void> {
    const { buffer, publish } = this.#options
    const outcomes = await Promise.allSettled(
      entries.map((entry) => publish(spreadsheet, entry, recorded.get(entry.id) as Recorded)),
    )
    const said = entries.filter((_, n) => outcomes[n]?.status === 'fulfilled')
    await buffer.remove(
      spreadsheet,
      said.map(({ id }) => id),
    )
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (!failure) return
    if (said.length > 0) this.troubles.progressed(spreadsheet)
    throw failure.reason
  }

  /** Writes what it can within `ms`. The rest waits for the next instance. */
  async close(ms: number): Promise<void> {
    this.#closing.abort()
    this.#options.governor.close()
    await this.#running
    const late = delay(ms, undefined, { ref: false })
    await Promise.race([this.flush(0), late])
  }
}

const cutOff = (watermark: number): string => new Date(Date.now() - watermark).toISOString()

/** At least one. */
function withinBytes(entries: Entry[]): Entry[] {
  let bytes = 0
  const past = entries.findIndex(({ values }) => {
    bytes += 100 + globalThis.Buffer.byteLength(JSON.stringify(values))
    return bytes > mostBytes
  })
  return past === -1 ? entries : entries.slice(0, Math.max(1, past))
}
