// Counts the dead letters that cannot be written at the moment, and knows why.
import type { Logger } from 'pino'
import { LogUnavailable } from '#kafka/log/port.ts'
import { Outage } from '#kit/outage.ts'

export class UnwrittenLetters {
  #outage: Outage
  #waiting = new Set<object>()
  #reason = ''

  constructor(logger: Logger) {
    this.#outage = new Outage(logger, {
      failing: 'dead letters cannot be written',
      working: 'writing dead letters resumed',
    })
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Undefined while no letter waits. */
  problem(): string | undefined {
    if (this.#waiting.size === 0) return undefined
    return `dead letters cannot be written: ${this.#reason}; ${this.#waiting.size} wait`
  }

  /** `letter`: any object that identifies the letter, the same for `over`. `fields`: for the log line. */
  failed(letter: object, error: Error, fields: object): void {
    this.#waiting.add(letter)
    // Messages of other errors may quote an answer.
    this.#reason = error instanceof LogUnavailable ? error.message : error.name
    this.#outage.failed('error', error, fields)
  }

  /** The letter was written, or given up because its event will be delivered again. */
  over(letter: object): void {
    this.#waiting.delete(letter)
  }

  worked(): void {
    this.#outage.worked()
  }
}
