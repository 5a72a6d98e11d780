// A member of a group on the embedded log: hands out records, and commits what is settled without a gap.
import { expectToStandAt } from './expect-to-stand-at.ts'
import type { Bounds, Consumer, LogRecord, Skipped, Subscription } from './log.ts'
import type { SqliteLog } from './log-sqlite.ts'
import { Settled } from './settled.ts'
import { sqliteProblem } from './sqlite-problem.ts'

const readAhead = 256
const commitEvery = 1000
/** One record that stays open must not let the others run on without end: a crash hands all of them out again. */
const maxSpan = 100_000

export class SqliteConsumer implements Consumer {
  readonly topic: string
  readonly closed: Promise<void>
  #log: SqliteLog
  #subscription: Subscription
  #positions: number[]
  #settled: Settled[]
  #committed: number[]
  #active = new Set<Promise<void>>()
  #closing = false
  #wake: () => void = () => {}
  #commits: NodeJS.Timeout

  constructor(log: SqliteLog, subscription: Subscription, positions: number[]) {
    this.topic = subscription.topic
    this.#log = log
    this.#subscription = subscription
    this.#positions = positions
    this.#committed = [...positions]
    this.#settled = positions.map((position) => new Settled(position))
    this.#commits = setInterval(() => void this.#commit().catch(process.emitWarning), commitEvery)
    this.closed = this.#run()
  }

  /** There may be something new to hand out. */
  wake(): void {
    this.#wake()
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      const records = this.#spanned() ? [] : await this.#read()
      for (const record of records) await this.#handOut(record)
      if (records.length === 0 && !this.#closing) await woken
    }
  }

  #spanned(): boolean {
    return this.#settled.some((settled) => settled.span >= maxSpan)
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
      setTimeout(() => this.#wake(), commitEvery).unref()
      return []
    }
  }

  async #handOut(record: LogRecord): Promise<void> {
    while (this.#active.size >= this.#subscription.inFlight && !this.#closing) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    if (this.#closing) return
    const settled = this.#settled[record.partition] as Settled
    settled.handOut(record.offset)
    this.#positions[record.partition] = record.offset + 1
    const handled = this.#subscription.handle(record).then(
      () => settled.settle(record.offset),
      () => {}, // stays open: it comes again after a restart
    )
    this.#active.add(handled)
    handled.then(() => {
      this.#active.delete(handled)
      this.#wake()
    })
    this.#subscription.passed?.(record.partition, record.offset + 1)
  }

  async #commit(): Promise<void> {
    const offsets = this.#settled.map((settled) => settled.committable)
    const { group } = this.#subscription
    if (!group || offsets.every((offset, partition) => offset === this.#committed[partition]))
      return
    await this.#log.call('commit', this.topic, group, offsets)
    this.#committed = offsets
  }

  async lag(): Promise<number> {
    const ends = await this.#log.call('ends', this.topic)
    return ends.reduce((sum, end, partition) => {
      return sum + end - (this.#settled[partition] as Settled).committable
    }, 0)
  }

  bounds(): Promise<Bounds[]> {
    return this.#log.call('bounds', this.topic)
  }

  async #expectToStandAt(partition: number, offset: number): Promise<void> {
    const end = (await this.#log.call('ends', this.topic))[partition]
    const stands = this.#positions[partition]
    const position = stands === undefined || end === undefined ? undefined : { offset: stands, end }
    expectToStandAt(position, { topic: this.topic, partition, offset })
  }

  async skip({ partition, offset, keep }: Skipped): Promise<void> {
    await this.#expectToStandAt(partition, offset)
    await keep()
    await this.#expectToStandAt(partition, offset)
    this.#settled[partition]?.handOut(offset)
    this.#settled[partition]?.settle(offset)
    this.#positions[partition] = offset + 1
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#wake()
    clearInterval(this.#commits)
    await this.closed
    await Promise.all(this.#active)
    await this.#commit()
  }
}
