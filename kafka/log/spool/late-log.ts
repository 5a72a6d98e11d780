// A log that may be opened later: while the one behind it is away at the start, opening is tried again and again.
import { setTimeout as delay } from 'node:timers/promises'
import type { KeyedMessage } from '../../binary-mode.ts'
import { type Consumer, type Log, LogUnavailable, type Subscription } from '../port.ts'
import { LateConsumer } from './late-consumer.ts'

interface Options {
  open: () => Promise<Log>
  /** False for an error that waiting does not heal, such as a wrong password: then the start fails. */
  isAway: (error: Error) => boolean
}

/** Milliseconds that the start waits. Brokers that are there answer within a second. */
const patience = 3000
const retryAfter = 1000

export class LateLog implements Log {
  #open: Options['open']
  #opened: Log | undefined
  #problem = 'not opened yet'
  #closing = new AbortController()
  #waiting = new Set<LateConsumer>()
  #attempts: Promise<void>

  /** Resolves when the log is open, or is away. Rejects if it cannot be opened for another reason. */
  static async open({ open, isAway }: Options): Promise<LateLog> {
    const first = open()
    const log = new LateLog(open, first)
    const failure = await Promise.race([
      first.then(
        () => undefined,
        (error: Error) => error,
      ),
      delay(patience, undefined, { ref: false }),
    ])
    if (failure && !isAway(failure)) {
      await log.close()
      throw failure
    }
    if (!log.#opened) {
      const problem = failure?.message ?? 'The log does not answer'
      process.emitWarning(`${problem}. It is tried again until it is there`)
    }
    return log
  }

  private constructor(open: Options['open'], first: Promise<Log>) {
    this.#open = open
    this.#attempts = this.#attempt(first)
  }

  async #attempt(first: Promise<Log>): Promise<void> {
    const { signal } = this.#closing
    for (let attempt = first; ; attempt = this.#open()) {
      try {
        this.#opened = await attempt
        break
      } catch (error) {
        this.#report((error as Error).message)
        await delay(retryAfter, undefined, { signal }).catch(() => {})
      }
      if (signal.aborted) return
    }
    for (const consumer of this.#waiting) consumer.start(this.#opened)
    this.#waiting.clear()
  }

  #report(problem: string): void {
    this.#problem = problem
    for (const consumer of this.#waiting) consumer.report(problem)
  }

  async append(topic: string, event: KeyedMessage): Promise<void> {
    if (!this.#opened) throw new LogUnavailable(this.#problem, { begun: false })
    return this.#opened.append(topic, event)
  }

  async consume(subscription: Subscription): Promise<Consumer> {
    if (this.#opened) return this.#opened.consume(subscription)
    if (!subscription.onProblem) throw new Error(this.#problem)
    const consumer = new LateConsumer(subscription)
    consumer.report(this.#problem)
    this.#waiting.add(consumer)
    return consumer
  }

  ready(): boolean {
    return this.#opened?.ready() ?? false
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#attempts
    await this.#opened?.close()
  }
}
