// What keeps the rows of a tab waiting, and when it is tried again.
import type { Logger } from 'pino'
import { BadCredentials, Blocked } from './google/errors.ts'
import { keyOf, type Target } from './target.ts'

interface Trouble {
  failures: number
  error: Error
}

/** Milliseconds. */
const longestBackoff = 60_000

export class Troubles {
  #log: Logger
  #of = new Map<string, Trouble>()
  /** When a tab may be tried again, by performance.now(). */
  #notBefore = new Map<string, number>()

  constructor(log: Logger) {
    this.#log = log
  }

  mayTry(target: Target): boolean {
    return (this.#notBefore.get(keyOf(target)) ?? 0) <= performance.now()
  }

  leave(target: Target, ms: number): void {
    this.#notBefore.set(keyOf(target), performance.now() + ms)
  }

  /** Everything may be tried now. */
  retry(): void {
    this.#notBefore.clear()
  }

  failed(target: Target, error: Error): void {
    const before = this.#of.get(keyOf(target))
    const failures = (before?.failures ?? 0) + 1
    this.#of.set(keyOf(target), { failures, error })
    const backoff = Math.min(longestBackoff, 1000 * 2 ** (failures - 1))
    this.leave(target, backoff * (0.5 + Math.random() / 2))
    // Once for each trouble: what goes on for hours must not fill the log.
    if (before?.error.message !== error.message) {
      this.#log.warn({ ...target, reason: error.message }, 'rows wait')
    }
  }

  /** It goes on, if slowly: the next attempt need not wait longer than the first. */
  progressed(target: Target): void {
    const trouble = this.#of.get(keyOf(target))
    if (trouble) trouble.failures = 0
  }

  worked(target: Target): void {
    if (this.#of.delete(keyOf(target))) this.#log.info({ ...target }, 'writing rows resumed')
  }

  /** Why the last attempt failed, where it did. */
  of(target: Target): Error | undefined {
    return this.#of.get(keyOf(target))?.error
  }
}

/** It stays so until a person repairs something. */
export const isBlocked = (error: Error | undefined): boolean =>
  error instanceof Blocked || error instanceof BadCredentials
