// Reads the embedded log without a group: the records of each partition in the order of the log, and nothing is committed.
import type { Bounds, Consumer, LogRecord, Subscription } from '../port.ts'
import { sqliteProblem } from './database.ts'
import type { SqliteLog } from './log.ts'

const readAhead = 256
const tryAgainAfter = 1000

export class SqliteWatcher implements Consumer {
  readonly topic: string
  readonly closed: Promise<void>
  #log: SqliteLog
  #subscription: Subscription
  #positions: number[]
  #active = new Set<Promise<void>>()
  #closing = false
  #wake: () => void = () => {}

  constructor(log: SqliteLog, subscription: Subscription, positions: number[]) {
    this.topic = subscription.topic
    this.#log = log
    this.#subscription = subscription
    this.#positions = positions
    this.closed = this.#run()
  }

  /** There may be something new to hand out. */
  wake(): void {
    this.#wake()
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      const woken = this.#woken()
      const records = await this.#read()
      for (const record of records) await this.#handOut(record)
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
      const records = await this.#log.call('read', this.topic, this.#positions, readAhead)
      onProblem()
      return records
    } catch (error) {
      const { message } = sqliteProblem(this.#log.file, error as Error)
      const where = `reading of ${this.topic} stands at the offsets ${this.#positions.join(', ')}`
      if (!this.#closing) onProblem(`${message}; ${where}`)
      setTimeout(() => this.#wake(), tryAgainAfter).unref()
      return []
    }
  }

  async #handOut(record: LogRecord): Promise<void> {
    while (this.#active.size >= this.#subscription.inFlight && !this.#closing) await this.#woken()
    if (this.#closing) return
    this.#positions[record.partition] = record.offset + 1
    const handled = this.#subscription.handle(record).catch(() => {})
    this.#active.add(handled)
    handled.then(() => {
      this.#active.delete(handled)
      this.#wake()
    })
    this.#subscription.passed?.(record.partition, record.offset + 1)
  }

  async lag(): Promise<number> {
    const ends = await this.#log.call('ends', this.topic)
    const position = this.#positions.reduce((sum, offset) => sum + offset, 0)
    return ends.reduce((sum, end) => sum + end, 0) - position + this.#active.size
  }

  async oldest(): Promise<undefined> {}

  bounds(): Promise<Bounds[]> {
    return this.#log.call('bounds', this.topic)
  }

  async skip(): Promise<void> {
    throw new Error(`Expected a group that reads ${this.topic}, found a reading without one`)
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#wake()
    await this.closed
    await Promise.all(this.#active)
  }
}
