// Which tabs failed, why, and when each may be tried again.
import type { Logger } from 'pino'
import { keyOf, type Target } from './target.ts'

interface Failure {
  /** In a row. */
  count: number
  error: Error
}

/** Milliseconds. */
const minBackoff = 1000
const maxBackoff = 60_000

export class RetryState {
  #log: Logger
  #failures = new Map<string, Failure>()
  /** Times of performance.now(), by tab. */
  #notBefore = new Map<string, number>()

  constructor(log: Logger) {
    this.#log = log
  }

  mayTry(target: Target): boolean {
    return (this.#notBefore.get(keyOf(target)) ?? 0) <= performance.now()
  }

  postpone(target: Target, ms: number): void {
    this.#notBefore.set(keyOf(target), performance.now() + ms)
  }

  /** Lets every tab be tried now. */
  retryAll(): void {
    this.#notBefore.clear()
  }

  failed(target: Target, error: Error): void {
    const previous = this.#failures.get(keyOf(target))
    const count = (previous?.count ?? 0) + 1
    this.#failures.set(keyOf(target), { count, error })
    const backoff = Math.min(maxBackoff, minBackoff * 2 ** (count - 1))
    this.postpone(target, backoff * (0.5 + Math.random() / 2))
    // Logged once for each reason, as it may last for hours.
    if (previous?.error.message !== error.message)
      this.#log.warn({ ...target, reason: error.message }, 'rows wait')
  }

  /** Some rows were written, so the backoff starts again. */
  progressed(target: Target): void {
    const failure = this.#failures.get(keyOf(target))
    if (failure) failure.count = 0
  }

  succeeded(target: Target): void {
    if (this.#failures.delete(keyOf(target))) this.#log.info({ ...target }, 'writing rows resumed')
  }

  /** Why the last attempt failed; undefined if it did not. */
  errorOf(target: Target): Error | undefined {
    return this.#failures.get(keyOf(target))?.error
  }
}
