// Sees to it that the rows that wait are taken to their sheets: one flush of a tab at a time, several tabs side by side.
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Waiting } from './buffer/port.ts'
import { type FlushOptions, flushTab } from './flush-tab.ts'
import { toSheetsError } from './google/client.ts'
import { Troubles } from './retry-state.ts'
import { isSame, keyOf, type Target } from './target.ts'

export interface FlusherOptions extends FlushOptions {
  /** Milliseconds between two looks for what is due. */
  every: number
  /** Milliseconds that a row waits for others that were submitted before it. */
  watermark: number
  log: Logger
}

/** Rows of one tab that wait, and why, where the last attempt failed. */
export interface Standstill extends Waiting {
  reason?: Error
}

/** Tabs side by side, and of one spreadsheet: one that hangs must not hold up the others. */
const tabsAtOnce = 8
const tabsOfOneAtOnce = 3
/** Milliseconds until a tab is tried again that another instance flushes. */
const elsewhere = 1000

export class Flusher {
  #options: FlusherOptions
  #underWay = new Map<string, { target: Target; flushing: Promise<void> }>()
  #troubles: Troubles
  #waiting: Waiting[] = []
  #closing = new AbortController()
  #running: Promise<void>

  constructor(options: FlusherOptions) {
    this.#options = options
    this.#troubles = new Troubles(options.log)
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

  /** What waited at the last look, the longest waiting first. */
  waiting(): Standstill[] {
    return this.#waiting.map((waiting) => {
      const reason = this.#troubles.of(waiting)
      return { ...waiting, ...(reason && { reason }) }
    })
  }

  /** Tries now whatever waits, also what failed before. Resolves when it is written or has failed again. */
  async flush(watermark = this.#options.watermark): Promise<void> {
    // One that is under way may fail of what has been repaired meanwhile.
    await this.#settled()
    this.#troubles.retry()
    do {
      await this.#settled()
      await this.#start(watermark)
    } while (this.#underWay.size > 0)
  }

  async #settled(): Promise<void> {
    await Promise.all([...this.#underWay.values()].map(({ flushing }) => flushing))
  }

  /** Begins a flush of each tab that has something due and may be tried. */
  async #start(watermark: number): Promise<void> {
    this.#waiting = await this.#options.buffer.waiting()
    const until = cutOff(watermark)
    for (const { spreadsheet, tab, oldest } of this.#waiting) {
      if (this.#underWay.size >= tabsAtOnce) return
      const target = { spreadsheet, tab }
      if (oldest > until || !this.#hasRoom(target) || !this.#troubles.mayTry(target)) continue
      const flushing = this.#flush(target, watermark).finally(() =>
        this.#underWay.delete(keyOf(target)),
      )
      this.#underWay.set(keyOf(target), { target, flushing })
    }
  }

  #hasRoom(target: Target): boolean {
    const all = [...this.#underWay.values()]
    const beside = all.filter((one) => one.target.spreadsheet === target.spreadsheet)
    return !this.#underWay.has(keyOf(target)) && beside.length < tabsOfOneAtOnce
  }

  async #flush(target: Target, watermark: number): Promise<void> {
    const flush = {
      target,
      until: () => cutOff(watermark),
      onProgress: () => this.#troubles.progressed(target),
    }
    try {
      if (!(await flushTab(this.#options, flush))) return this.#troubles.leave(target, elsewhere)
      this.#troubles.worked(target)
      this.#waiting = this.#waiting.filter((one) => !isSame(one, target))
    } catch (error) {
      this.#troubles.failed(target, toSheetsError(error as Error))
    }
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
