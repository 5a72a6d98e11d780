// Writes waiting rows to their sheets, several tabs at a time.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Backlog } from './backlog.ts'
import type { WaitingRows } from './buffer/port.ts'
import { type FlushOptions, flushTab } from './flush-tab.ts'
import { toSheetsError } from './google/errors.ts'
import { RetryState } from './retry-state.ts'
import { isSameTarget, keyOf, type Target } from './target.ts'

export interface FlusherOptions extends FlushOptions {
  /** Pause between two checks for rows that are due, ms. */
  every: number
  /** How long a row waits for rows that were submitted before it, ms. */
  watermark: number
  log: Logger
}

// Flushes run side by side, so a spreadsheet that hangs delays no other.
const maxFlushes = 8
const maxFlushesPerSpreadsheet = 3
/** Milliseconds until a tab is tried again that another instance writes to. */
const leasedPause = 1000
/** Milliseconds between two checks at least while the buffer cannot be reached. */
const bufferProblemPause = 1000

export class Flusher {
  #options: FlusherOptions
  #flushes = new Map<string, { target: Target; done: Promise<void> }>()
  #retries: RetryState
  #waiting: WaitingRows[] = []
  #closing = new AbortController()
  #running: Promise<void>

  constructor(options: FlusherOptions) {
    this.#options = options
    this.#retries = new RetryState(options.log)
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    const { every, watermark, log } = this.#options
    let previous: string | undefined
    while (!this.#closing.signal.aborted) {
      const problem = await this.#startFlushes(watermark).then(
        () => undefined,
        (error: Error) => error.message,
      )
      if (problem && problem !== previous)
        log.warn({ reason: problem }, 'the buffer cannot be reached')
      previous = problem
      const pause = problem ? Math.max(every, bufferProblemPause) : every
      await delay(pause, undefined, { signal: this.#closing.signal }).catch(() => {})
    }
  }

  /** As of the last check, the longest waiting first. */
  backlogs(): Backlog[] {
    return this.#waiting.map((waiting) => {
      const reason = this.#retries.errorOf(waiting)
      return { ...waiting, ...(reason && { reason }) }
    })
  }

  /** Tries all waiting rows now, also those that failed before. Resolves when each is written or has failed again. */
  async flush(watermark = this.#options.watermark): Promise<void> {
    // A flush that runs now may fail for a reason that has just been repaired, so wait for it and try again.
    await this.#allFlushes()
    this.#retries.retryAll()
    do {
      await this.#allFlushes()
      await this.#startFlushes(watermark)
    } while (this.#flushes.size > 0)
  }

  async #allFlushes(): Promise<void> {
    await Promise.all([...this.#flushes.values()].map(({ done }) => done))
  }

  /** Starts a flush of each tab that has rows due and may be tried. */
  async #startFlushes(watermark: number): Promise<void> {
    this.#waiting = await this.#options.buffer.waiting()
    const until = cutOff(watermark)
    for (const { spreadsheet, tab, oldest } of this.#waiting) {
      if (this.#flushes.size >= maxFlushes) return
      const target = { spreadsheet, tab }
      if (oldest > until || !this.#hasRoom(target) || !this.#retries.mayTry(target)) continue
      const done = this.#flush(target, watermark).finally(() => this.#flushes.delete(keyOf(target)))
      this.#flushes.set(keyOf(target), { target, done })
    }
  }

  #hasRoom(target: Target): boolean {
    const running = [...this.#flushes.values()].filter(
      (one) => one.target.spreadsheet === target.spreadsheet,
    )
    return !this.#flushes.has(keyOf(target)) && running.length < maxFlushesPerSpreadsheet
  }

  async #flush(target: Target, watermark: number): Promise<void> {
    const flush = {
      target,
      until: () => cutOff(watermark),
      onProgress: () => this.#retries.progressed(target),
    }
    try {
      if (!(await flushTab(this.#options, flush)))
        return this.#retries.postpone(target, leasedPause)
      this.#retries.succeeded(target)
      this.#waiting = this.#waiting.filter((one) => !isSameTarget(one, target))
    } catch (error) {
      this.#retries.failed(target, toSheetsError(error as Error))
    }
  }

  /** Writes what it can within `ms`. Other rows wait for the next instance. */
  async close(ms: number): Promise<void> {
    this.#closing.abort()
    this.#options.quota.close()
    await this.#running
    const timeout = delay(ms, undefined, { ref: false })
    await Promise.race([this.flush(0), timeout])
  }
}

const cutOff = (watermark: number): string => new Date(Date.now() - watermark).toISOString()
