// Decides for each event whether it goes to the log directly or makes a detour over the spool. It does so from the moment the log
// fails until nothing waits in the spool any more, so that no event overtakes an earlier one.
import { after, type Breaker, closed, type Observation } from './breaker.ts'

interface Options {
  /** Number of events in the spool. */
  waiting: () => number
  /** Called when the detour has begun and has ended, and whenever more events may be forwarded. */
  onChange: () => void
  onProgress: () => void
}

/** Events that are forwarded together: enough for a full batch of Kafka, few enough for memory if all are as large as they may be. */
const batch = 250
/** Events that wait for the last batch. Beyond that they make the detour too. */
const maxHeld = 1000

export class Detour {
  #options: Options
  #breaker: Breaker = closed
  #since: Date | undefined
  #reason: string | undefined
  /** Resolves when the last events of the spool are forwarded, or that has failed. */
  #lastBatch: PromiseWithResolvers<void> | undefined
  #held = 0

  /** `since`: when the oldest event in the spool was accepted. */
  constructor(options: Options, since?: Date) {
    this.#options = options
    this.#since = since
  }

  /** Since when events make the detour; undefined if they do not. */
  get since(): Date | undefined {
    return this.#since
  }

  get breaker(): Breaker['state'] {
    return this.#breaker.state
  }

  /** Why the log last failed, as far as it said so. */
  get reason(): string | undefined {
    return this.#reason
  }

  /** How many events of the spool may be sent to the log now. */
  get limit(): number {
    if (this.#breaker.state === 'open') return 0
    return this.#breaker.state === 'half-open' ? 1 : batch
  }

  /**
   * Resolves with the way that an event takes. While the last batch is being forwarded events wait for it: as each one would
   * otherwise queue behind the one before, a spool under load would never be empty.
   */
  async isNeeded(): Promise<boolean> {
    while (this.#lastBatch) {
      this.#held += 1
      const { promise } = this.#lastBatch
      if (this.#held > maxHeld) this.#release()
      await promise
    }
    return this.#since !== undefined
  }

  observe(observed: Observation, reason?: string): void {
    if (reason !== undefined) this.#reason = reason
    this.#breaker = after(this.#breaker, observed, performance.now())
    // With nothing to try, what the log says of itself has to do.
    if (this.#breaker.state === 'half-open' && this.#options.waiting() === 0) this.#breaker = closed
    this.advance()
  }

  /** Call it when the number of waiting events has changed. */
  advance(): void {
    const works = this.#breaker.state === 'closed'
    const waiting = this.#options.waiting()
    if (works && waiting === 0) this.#end()
    else this.#begin()
    if (works && this.#since && waiting <= batch) this.#lastBatch ??= Promise.withResolvers()
    else this.#release()
    this.#options.onProgress()
  }

  #begin(): void {
    if (this.#since) return
    this.#since = new Date()
    this.#options.onChange()
  }

  #end(): void {
    if (!this.#since) return
    this.#since = undefined
    this.#options.onChange()
    this.#reason = undefined
  }

  #release(): void {
    this.#lastBatch?.resolve()
    this.#lastBatch = undefined
    this.#held = 0
  }
}
