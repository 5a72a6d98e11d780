// A consumer of a log that is not open yet.
import type { Bounds, Consumer, Log, SkippedRecord, Subscription } from '../port.ts'

export class LateConsumer implements Consumer {
  #subscription: Subscription
  #problem = ''
  #started: Promise<Consumer | undefined> | undefined
  #consumer: Consumer | undefined
  #closed = false

  constructor(subscription: Subscription) {
    this.#subscription = subscription
  }

  /** Why the log is not open. */
  report(problem: string): void {
    this.#problem = problem
    if (!this.#closed) this.#subscription.onProblem?.(problem)
  }

  start(log: Log): void {
    if (this.#closed) return
    this.#subscription.onProblem?.()
    this.#started = log.consume(this.#subscription).then(
      (consumer) => {
        this.#consumer = consumer
        return consumer
      },
      ({ message }: Error) => {
        this.report(message)
        return undefined
      },
    )
  }

  /** Rejects at once: metrics and readiness ask, and must not wait for the log. */
  async #running(): Promise<Consumer> {
    if (!this.#consumer) throw new Error(this.#problem)
    return this.#consumer
  }

  async lag(): Promise<number> {
    return (await this.#running()).lag()
  }

  async oldest(): Promise<number | undefined> {
    return (await this.#running()).oldest()
  }

  async bounds(): Promise<Bounds[]> {
    return (await this.#running()).bounds()
  }

  async skip(record: SkippedRecord): Promise<void> {
    await (await this.#running()).skip(record)
  }

  async close(): Promise<void> {
    this.#closed = true
    const consumer = await this.#started
    await consumer?.close()
  }
}
