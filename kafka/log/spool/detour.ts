// Decides for each event whether it goes to the log directly or makes a detour over the spool. It does so from the moment the log
// fails until nothing waits in the spool any more, so that no event overtakes an earlier one.
import type { LogUnavailable } from '../port.ts'
import { after, type Breaker, closed, type Observation } from './breaker.ts'
import { Gate } from './gate.ts'

interface Options {
  /** Number of events in the spool. */
  waiting: () => number
  /** Called when the detour has begun and has ended, and whenever more events may be forwarded. */
  onChange: () => void
  onProgress: () => void
}

/** Events that are forwarded together: enough for a full batch of Kafka. The spool returns fewer if they are large. */
const batch = 250
/** New events for each event that is forwarded. Below 1, so that the spool becomes empty whatever the load is. */
const newForEach = 0.5

export class Detour {
  #options: Options
  #breaker: Breaker = closed
  #since: Date | undefined
  #reason: string | undefined
  #gate = new Gate()
  #stopped = false

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
   * Resolves with the way that an event takes. While the spool is being emptied an event waits for the batch under way, so that new
   * ones do not come faster than the others go, and for the last batch altogether.
   */
  async isNeeded(): Promise<boolean> {
    if (this.#isEmptying) await this.#gate.pass()
    return this.#since !== undefined
  }

  get #isEmptying(): boolean {
    return this.#since !== undefined && this.#breaker.state === 'closed' && !this.#stopped
  }

  /** The spool is not emptied any more: lets waiting events make the detour. */
  stop(): void {
    this.#stopped = true
    this.advance()
  }

  /** `count` events of the spool were forwarded, the next one was not if there is a `failure`. */
  forwarded(count: number, failure?: LogUnavailable): void {
    this.observe(failure ? 'failed' : 'worked', failure?.message)
    if (this.#options.waiting() > batch) this.#gate.admit(Math.ceil(count * newForEach))
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
    if (this.#breaker.state === 'closed' && this.#options.waiting() === 0) this.#end()
    else this.#begin()
    if (!this.#isEmptying) this.#gate.admit(Number.POSITIVE_INFINITY)
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
}
