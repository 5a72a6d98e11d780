// What keeps the rows of a spreadsheet waiting, and when it is tried again.
import type { Logger } from 'pino'
import { BadCredentials, Blocked } from './blocked.ts'

interface Trouble {
  failures: number
  error: Error
}

/** Milliseconds. */
const longestBackoff = 60_000

export class Troubles {
  #log: Logger
  #of = new Map<string, Trouble>()
  /** When a spreadsheet may be tried again, by performance.now(). */
  #notBefore = new Map<string, number>()

  constructor(log: Logger) {
    this.#log = log
  }

  mayTry(spreadsheet: string): boolean {
    return (this.#notBefore.get(spreadsheet) ?? 0) <= performance.now()
  }

  leave(spreadsheet: string, ms: number): void {
    this.#notBefore.set(spreadsheet, performance.now() + ms)
  }

  /** Everything may be tried now. */
  retry(): void {
    this.#notBefore.clear()
  }

  failed(spreadsheet: string, error: Error): void {
    const before = this.#of.get(spreadsheet)
    const failures = (before?.failures ?? 0) + 1
    this.#of.set(spreadsheet, { failures, error })
    const backoff = Math.min(longestBackoff, 1000 * 2 ** (failures - 1))
    this.leave(spreadsheet, backoff * (0.5 + Math.random() / 2))
    // Once for each trouble: what goes on for hours must not fill the log.
    if (before?.error.message !== error.message) {
      this.#log.warn({ spreadsheet, reason: error.message }, 'rows wait')
    }
  }

  /** It goes on, if slowly: the next attempt need not wait longer than the first. */
  progressed(spreadsheet: string): void {
    const trouble = this.#of.get(spreadsheet)
    if (trouble) trouble.failures = 0
  }

  worked(spreadsheet: string): void {
    if (this.#of.delete(spreadsheet)) this.#log.info({ spreadsheet }, 'rows are written again')
  }

  /** What a person must repair: spreadsheet to why its rows wait; `credentials` where none can be written at all. */
  toRepair(): Record<string, string> {
    const reasons = [...this.#of].flatMap(([spreadsheet, { error }]) => {
      if (error instanceof BadCredentials) return [['credentials', error.message]]
      return error instanceof Blocked ? [[spreadsheet, error.message]] : []
    })
    return Object.fromEntries(reasons)
  }
}
