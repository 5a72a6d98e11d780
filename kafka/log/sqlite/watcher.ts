// Reads the embedded log without a group: records arrive in partition order, and nothing is committed.
import type { Bounds, Consumer, LogRecord, Subscription } from '../port.ts'
import { explainSqliteError } from './database.ts'
import { toLogRecord } from './read-record.ts'
import type { StoreThread } from './store-thread.ts'

const maxRecordsPerRead = 256
/** Milliseconds after a failed read. */
const retryAfter = 1000

export class SqliteWatcher implements Consumer {
  readonly topic: string
  readonly closed: Promise<void>
  #store: StoreThread
  #subscription: Subscription
  #positions: number[]
  #active = new Set<Promise<void>>()
  #closing = false
  #wake: () => void = () => {}

  /** `positions`: where to start in each partition. */
  constructor(store: StoreThread, subscription: Subscription, positions: number[]) {
    this.topic = subscription.topic
    this.#store = store
    this.#subscription = subscription
    this.#positions = positions
    this.closed = this.#run()
  }

  /** Call it after records were appended to the topic. */
  wake(): void {
    this.#wake()
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      const woken = this.#woken()
      const records = await this.#read()
      for (const record of records) await this.#dispatch(record)
      if (records.length === 0 && !this.#closing) await woken
    }
  }

  #woken(): Promise<void> {
    return new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }

  async #read(): Promise<LogRecord[]> {
    const { onProblem = (problem?: string) => problem && process.emitWarning(problem) } =
      this.#subscription
    try {
      const records = await this.#store.call('read', this.topic, this.#positions, maxRecordsPerRead)
      onProblem()
      return records.map((record) => toLogRecord(this.topic, record))
    } catch (error) {
      const { message } = explainSqliteError(this.#store.file, error as Error)
      const offsets = `the next offsets of ${this.topic} are ${this.#positions.join(', ')}`
      if (!this.#closing) onProblem(`${message}; ${offsets}`)
      setTimeout(() => this.#wake(), retryAfter).unref()
      return []
    }
  }

  async #dispatch(record: LogRecord): Promise<void> {
    while (this.#active.size >= this.#subscription.inFlight && !this.#closing) await this.#woken()
    if (this.#closing) return
    this.#positions[record.partition] = record.offset + 1
    const finished = this.#subscription.handle(record).catch(() => {})
    this.#active.add(finished)
    finished.then(() => {
      this.#active.delete(finished)
      this.#wake()
    })
    this.#subscription.passed?.(record.partition, record.offset + 1)
  }

  async lag(): Promise<number> {
    const ends = await this.#store.call('ends', this.topic)
    const read = this.#positions.reduce((sum, offset) => sum + offset, 0)
    return ends.reduce((sum, end) => sum + end, 0) - read + this.#active.size
  }

  async oldest(): Promise<undefined> {}

  bounds(): Promise<Bounds[]> {
    return this.#store.call('bounds', this.topic)
  }

  async skip(): Promise<void> {
    throw new Error(`Expected a group that reads ${this.topic}, found a reader without a group`)
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#wake()
    await this.closed
    await Promise.all(this.#active)
  }
}
