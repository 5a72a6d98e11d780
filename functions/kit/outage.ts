// What fails and works again is told by its changes: however long an outage is, it is a few lines of the log. Metrics count the rest.
import type { Logger } from 'pino'
import { LogUnavailable } from '#kafka/log/port.ts'
import { type ErrorFacts, factsOf } from './error-facts.ts'
import { RetryLater } from './errors.ts'

interface Words {
  failing: string
  working: string
}

/** Milliseconds without a failure after which a success ends an outage: within one, some things succeed. */
const quiet = 10_000
/** Different reasons that are told of one outage. */
const mostReasons = 20

export class Outage {
  #log: Logger
  #words: Words
  #since: string | undefined
  #failures = 0
  #last = 0
  #told = new Set<string>()

  constructor(log: Logger, words: Words) {
    this.#log = log
    this.#words = words
  }

  /** `said` goes with the first failure of its reason. */
  failed(level: 'warn' | 'error', error: unknown, said: object): void {
    this.#since ??= new Date().toISOString()
    this.#failures += 1
    this.#last = performance.now()
    const facts = factsOf(error)
    const reason = reasonOf(error, facts)
    if (this.#told.has(reason) || this.#told.size >= mostReasons) return
    this.#told.add(reason)
    this.#log[level]({ ...said, reason, ...facts }, this.#words.failing)
  }

  worked(): void {
    if (this.#failures === 0 || performance.now() - this.#last < quiet) return
    this.#log.info({ since: this.#since, failures: this.#failures }, this.#words.working)
    this.#since = undefined
    this.#failures = 0
    this.#told.clear()
  }
}

/** The words of our own errors, which quote nothing; of others the place where they were thrown. */
function reasonOf(error: unknown, { name, at = [] }: ErrorFacts): string {
  if (error instanceof RetryLater || error instanceof LogUnavailable) return error.message
  return [name, ...at.slice(0, 1)].join(' ')
}
