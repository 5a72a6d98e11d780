// Forms batches of the waiting appends, and gives each to one of several partitions. One batch is under way at a time, because a request costs
// brokers the same whatever is in it: while it is under way the next batch grows. A batch that takes long does not hold up
// the next one, which goes to another partition.
import { TooLarge } from '../port.ts'
import type { OutgoingRecord } from './partition-producer.ts'
import type { PartitionWriter } from './partition-writer.ts'
import { type PendingAppend, PendingAppends } from './pending-appends.ts'

/** Milliseconds after which the next batch no longer waits for this one: the leader of its partition may be gone. */
const slowAfter = 1000

export class Batcher {
  /** The one whose turn is next comes first. */
  #writers: PartitionWriter[]
  #busy = new Set<PartitionWriter>()
  #pending: PendingAppends
  /** The batch that the next one waits for. */
  #awaited: PendingAppend[] | undefined
  #writtenAt = 0

  /** `writers`: one for each partition. `deadline`: milliseconds after which an append is rejected. */
  constructor(writers: PartitionWriter[], deadline: number) {
    // Begins anywhere: many endpoints live for a few batches only, and would all write to the same partitions.
    const first = Math.floor(Math.random() * writers.length)
    this.#writers = [...writers.slice(first), ...writers.slice(0, first)]
    this.#pending = new PendingAppends(deadline)
  }

  /** Rejects with `TooLarge` or `LogUnavailable`; the latter's cause is a `BatchRefusal` if Kafka refused the batch. */
  append(record: OutgoingRecord): Promise<void> {
    const written = this.#pending.add(record)
    this.#startBatch()
    return written
  }

  #startBatch(): void {
    const writer = this.#writers.find((one) => !this.#busy.has(one))
    if (this.#awaited || !writer || this.#pending.waiting === 0) return
    const batch = this.#pending.takeBatch(this.#share())
    this.#awaited = batch
    this.#busy.add(writer)
    this.#moveToEnd(writer)
    const slow = setTimeout(() => this.#waitNoLonger(batch), slowAfter)
    void this.#write(writer, batch).then(() => {
      clearTimeout(slow)
      this.#busy.delete(writer)
      this.#waitNoLonger(batch)
    })
  }

  /** While a batch is overdue, the next one may become so too: then it takes no more than its partition's part of what waits. */
  #share(): number {
    const { waiting } = this.#pending
    const free = this.#writers.length - this.#busy.size
    return this.#busy.size === 0 ? waiting : Math.ceil(waiting / free)
  }

  #moveToEnd(writer: PartitionWriter): void {
    this.#writers.splice(this.#writers.indexOf(writer), 1)
    this.#writers.push(writer)
  }

  #waitNoLonger(batch: PendingAppend[]): void {
    if (this.#awaited === batch) this.#awaited = undefined
    this.#startBatch()
  }

  /** Splits a batch that is too large into halves, in order, until only the record that is too large by itself fails. */
  async #write(writer: PartitionWriter, batch: PendingAppend[]): Promise<void> {
    const error = await writer.write(batch.map(({ record }) => record))
    if (batch.length > 1 && error instanceof TooLarge) {
      const half = Math.ceil(batch.length / 2)
      await this.#write(writer, batch.slice(0, half))
      await this.#write(writer, batch.slice(half))
      return
    }
    if (!error) this.#writtenAt = performance.now()
    this.#pending.settle(batch, error)
  }

  /** Milliseconds since the first batch that was sent after the last success and has no answer; 0 if there is none. */
  get stalledFor(): number {
    const sinceSuccess = performance.now() - this.#writtenAt
    const ages = this.#writers.map(({ batchAge = 0 }) => batchAge)
    return Math.max(0, ...ages.filter((age) => age < sinceSuccess))
  }

  /** Waits for pending appends, at most until the deadline. */
  async close(): Promise<void> {
    await this.#pending.settled()
    await Promise.all(this.#writers.map((writer) => writer.close()))
  }
}
