// The dead letters that cannot be written now: how many wait, and why.
import type { Logger } from 'pino'
import { LogUnavailable } from '#kafka/log/port.ts'
import { Outage } from '#kit/outage.ts'

export class Letters {
  #outage: Outage
  #waiting = new Set<object>()
  #why = ''

  constructor(logger: Logger) {
    this.#outage = new Outage(logger, {
      failing: 'dead letters are not written yet',
      working: 'dead letters are written again',
    })
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Undefined while all are written. */
  problem(): string | undefined {
    if (this.#waiting.size === 0) return undefined
    return `dead letters cannot be written: ${this.#why}; ${this.#waiting.size} wait`
  }

  /** `letter` stands for the one that waits. */
  failed(letter: object, error: Error, said: object): void {
    this.#waiting.add(letter)
    // Messages of others may quote an answer.
    this.#why = error instanceof LogUnavailable ? error.message : error.name
    this.#outage.failed('error', error, said)
  }

  /** It is written, or given up: its event comes again. */
  over(letter: object): void {
    this.#waiting.delete(letter)
  }

  worked(): void {
    this.#outage.worked()
  }
}
