// Logs when something begins to fail and when it works again, so that a long outage takes a few lines. Metrics count every failure.
import type { Logger } from 'pino'
import { LogUnavailable } from '#kafka/log/port.ts'
import { type ErrorFacts, factsOf } from './error-facts.ts'
import { RetryLater } from './errors.ts'

interface Messages {
  failing: string
  working: string
}

/** A success ends an outage only after this time without a failure, ms: some calls succeed during an outage. */
const quietTime = 10_000
/** Number of different reasons that are logged during one outage. */
const maxReasons = 20

export class Outage {
  #log: Logger
  #messages: Messages
  #since: string | undefined
  #failures = 0
  #lastFailure = 0
  #loggedReasons = new Set<string>()

  constructor(log: Logger, messages: Messages) {
    this.#log = log
    this.#messages = messages
  }

  /** The first failure of each reason is logged, with `fields`. */
  failed(level: 'warn' | 'error', error: unknown, fields: object): void {
    this.#since ??= new Date().toISOString()
    this.#failures += 1
    this.#lastFailure = performance.now()
    const facts = factsOf(error)
    const reason = reasonOf(error, facts)
    if (this.#loggedReasons.has(reason) || this.#loggedReasons.size >= maxReasons) return
    this.#loggedReasons.add(reason)
    this.#log[level]({ ...fields, reason, ...facts }, this.#messages.failing)
  }

  worked(): void {
    if (this.#failures === 0 || performance.now() - this.#lastFailure < quietTime) return
    this.#log.info({ since: this.#since, failures: this.#failures }, this.#messages.working)
    this.#since = undefined
    this.#failures = 0
    this.#loggedReasons.clear()
  }
}

/** The message of our own errors, which quote no input; for other errors, the place where they were thrown. */
function reasonOf(error: unknown, { name, at = [] }: ErrorFacts): string {
  if (error instanceof RetryLater || error instanceof LogUnavailable) return error.message
  return [name, ...at.slice(0, 1)].join(' ')
}
