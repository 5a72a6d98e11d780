// The way into one partition: one batch under way, and what waits meanwhile goes together in the next one.
// One batch spans one partition only: a client that spreads a batch can acknowledge what it never wrote when leaders move.
import { LogUnavailable } from './log.ts'

export interface LaneRecord {
  key: string
  value: string
  headers: Record<string, string>
}

/** Sends one batch to one partition. Resolves when it is durable; it tries again by itself where that can help. */
export interface LaneProducer {
  send(records: LaneRecord[]): Promise<void>
  close(): Promise<void>
}

interface Waiting {
  record: LaneRecord
  settle: (error?: LogUnavailable) => void
}

const maxBatchRecords = 1000
const maxBatchBytes = 512 * 1024
/** Between a batch that a producer gave up and the same batch on a new one. */
const pause = 200

export class Lane {
  #open: () => Promise<LaneProducer>
  #deadline: number
  #producer: Promise<LaneProducer> | undefined
  #waiting = new Set<Waiting>()
  #running: Promise<void> | undefined
  #underWaySince: number | undefined
  #closing = false

  /** `deadline`: milliseconds after which an append is answered, whatever becomes of its batch. */
  constructor(open: () => Promise<LaneProducer>, deadline: number) {
    this.#open = open
    this.#deadline = deadline
  }

  append(record: LaneRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        record,
        settle: (error) => {
          clearTimeout(late)
          if (error) reject(error)
          else resolve()
        },
      }
      const late = setTimeout(() => this.#late(waiting), this.#deadline)
      this.#waiting.add(waiting)
      this.#running ??= this.#run()
    })
  }

  /** Still waiting: it leaves the queue. Under way: it may yet be written, so whoever repeats it needs the same id. */
  #late(waiting: Waiting): void {
    const begun = !this.#waiting.delete(waiting)
    waiting.settle(new LogUnavailable(`No answer from Kafka in ${this.#deadline} ms`, { begun }))
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) await this.#send(this.#next())
    this.#running = undefined
  }

  #next(): Waiting[] {
    const batch: Waiting[] = []
    let bytes = 0
    for (const waiting of this.#waiting) {
      bytes += waiting.record.value.length
      if (batch.length > 0 && (batch.length >= maxBatchRecords || bytes > maxBatchBytes)) break
      batch.push(waiting)
      this.#waiting.delete(waiting)
    }
    return batch
  }

  /** The same batch until it settles: another one in its place could be taken for its repeat, and dropped. */
  async #send(batch: Waiting[]): Promise<void> {
    const records = batch.map(({ record }) => record)
    this.#underWaySince = performance.now()
    for (;;) {
      try {
        this.#producer ??= this.#open()
        const producer = await this.#producer
        await producer.send(records)
        break
      } catch (cause) {
        await this.#drop()
        if (this.#closing) {
          const lost = new LogUnavailable('The log was closed', { cause, begun: true })
          for (const { settle } of batch) settle(lost)
          return
        }
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
    this.#underWaySince = undefined
    for (const { settle } of batch) settle()
  }

  /** A producer that gave up is not used again: its sequence numbers may not fit what the broker has. */
  async #drop(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined)
    this.#producer = undefined
    await producer?.close().catch(process.emitWarning)
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Milliseconds that the batch under way has taken so far. */
  get held(): number {
    return this.#underWaySince === undefined ? 0 : performance.now() - this.#underWaySince
  }

  /** Waits for what was appended, no longer than the deadline. */
  async close(): Promise<void> {
    const late = new Promise((resolve) => setTimeout(resolve, this.#deadline).unref())
    await Promise.race([this.#running, late])
    this.#closing = true
    await this.#drop()
  }
}
