// The way into one partition: one batch under way, and what waits meanwhile goes together in the next one.
// One batch spans one partition only: a client that spreads a batch can acknowledge what it never wrote when leaders move.
import { setTimeout as delay } from 'node:timers/promises'
import { LogUnavailable, TooLarge } from '../port.ts'
import { Refused } from './partition-producer.ts'

export interface LaneRecord {
  key: string
  value: string
  headers: Record<string, string>
}

/**
 * Sends one batch to one partition. Resolves when it is durable; it tries again by itself where that can help.
 * Rejects with `Refused` where no repeat can help; after any other error it is given up, and the batch goes to the next one.
 */
export interface LaneProducer {
  send(records: LaneRecord[]): Promise<void>
  close(): Promise<void>
}

interface Waiting {
  record: LaneRecord
  settle: (error?: Error) => void
}

const maxBatchRecords = 1000
const maxBatchBytes = 512 * 1024
/** Between a batch that a producer gave up and the same batch on a new one. */
const pause = 200
/** For the farewell to brokers that may not answer it. */
const farewell = 2000

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

  /** Rejects with `LogUnavailable`; its cause is a `Refused` where that is why. One record too large: a plain error. */
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

  /** A batch that is too large goes in halves, in its order, until only the record that is too large fails. */
  async #send(batch: Waiting[]): Promise<void> {
    this.#underWaySince = performance.now()
    const error = await this.#settle(batch.map(({ record }) => record))
    this.#underWaySince = undefined
    if (batch.length > 1 && error?.cause instanceof Refused && error.cause.tooLarge) {
      const half = Math.ceil(batch.length / 2)
      await this.#send(batch.slice(0, half))
      await this.#send(batch.slice(half))
      return
    }
    for (const { settle } of batch) settle(error)
  }

  /** The same batch until it settles: another one in its place could be taken for its repeat, and dropped. */
  async #settle(records: LaneRecord[]): Promise<Error | undefined> {
    let begun = false
    while (!this.#closing) {
      let sent = false
      try {
        this.#producer ??= this.#open()
        const producer = await this.#producer
        sent = true
        await producer.send(records)
        return
      } catch (cause) {
        await this.#drop()
        if (cause instanceof Refused) return refusal(cause, begun)
        begun ||= sent
        await delay(pause)
      }
    }
    return new LogUnavailable('The log was closed', { begun })
  }

  /** A producer that gave up is not used again: its sequence numbers may not fit what the broker has. */
  async #drop(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined)
    this.#producer = undefined
    await producer?.close().catch(({ name, message }) => process.emitWarning(message, name))
  }

  /** Milliseconds that the batch under way has taken so far. */
  get held(): number {
    return this.#underWaySince === undefined ? 0 : performance.now() - this.#underWaySince
  }

  /** Waits for what was appended, no longer than the deadline. */
  async close(): Promise<void> {
    await soon(this.#running, this.#deadline)
    this.#closing = true
    await soon(this.#drop(), farewell)
  }
}

const refusal = (cause: Refused, begun: boolean): Error =>
  cause.tooLarge
    ? new TooLarge(cause.message, { cause })
    : new LogUnavailable(cause.message, { cause, begun: begun || cause.begun })

const soon = (promise: Promise<void> | undefined, milliseconds: number): Promise<void> =>
  Promise.race([promise, delay(milliseconds, undefined, { ref: false })])
