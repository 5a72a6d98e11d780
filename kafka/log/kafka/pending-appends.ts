// Appends whose outcome is not known, in the order of their arrival: those that wait for a batch, and those of batches under way.
import { LogUnavailable } from '../port.ts'
import type { OutgoingRecord } from './partition-producer.ts'

export interface PendingAppend extends PromiseWithResolvers<void> {
  record: OutgoingRecord
  since: number
}

const maxBatchRecords = 1000
const maxBatchBytes = 512 * 1024

export class PendingAppends {
  #deadline: number
  #waiting = new Set<PendingAppend>()
  #underWay = new Set<PendingAppend>()
  /** One for all appends, set to the deadline of the oldest: a timer for each would cost more than the rest of this class. */
  #timer: NodeJS.Timeout | undefined

  /** `deadline`: milliseconds after which an append is rejected, even if its batch is still being sent. */
  constructor(deadline: number) {
    this.#deadline = deadline
  }

  add(record: OutgoingRecord): Promise<void> {
    const append = { record, since: performance.now(), ...Promise.withResolvers<void>() }
    this.#waiting.add(append)
    this.#timer ??= setTimeout(() => this.#timeOut(), this.#deadline)
    return append.promise
  }

  /** Number of appends that wait for a batch. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** The appends that have waited longest, `most` of them at most. */
  takeBatch(most: number): PendingAppend[] {
    const limit = Math.min(most, maxBatchRecords)
    const batch: PendingAppend[] = []
    let bytes = 0
    for (const append of this.#waiting) {
      bytes += append.record.value.length
      if (batch.length > 0 && (batch.length >= limit || bytes > maxBatchBytes)) break
      batch.push(append)
      this.#waiting.delete(append)
      this.#underWay.add(append)
    }
    return batch
  }

  settle(batch: PendingAppend[], error?: Error): void {
    for (const append of batch) {
      this.#underWay.delete(append)
      if (error) append.reject(error)
      else append.resolve()
    }
    if (this.#oldest()) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #oldest(): PendingAppend | undefined {
    const [underWay] = this.#underWay
    const [waiting] = this.#waiting
    return underWay ?? waiting
  }

  #timeOut(): void {
    this.#rejectOverdue(this.#underWay)
    this.#rejectOverdue(this.#waiting)
    const oldest = this.#oldest()
    const rest = oldest && Math.max(0, oldest.since + this.#deadline - performance.now())
    this.#timer = oldest && setTimeout(() => this.#timeOut(), rest)
  }

  /** One under way may yet be written, so a retry needs the same id. One that waits is removed, and never written. */
  #rejectOverdue(appends: Set<PendingAppend>): void {
    const latest = performance.now() - this.#deadline
    const begun = appends === this.#underWay
    for (const append of appends) {
      if (append.since > latest) return
      appends.delete(append)
      append.reject(new LogUnavailable(`No answer from Kafka in ${this.#deadline} ms`, { begun }))
    }
  }

  /** Resolves when each present append is settled or overdue. */
  async settled(): Promise<void> {
    const appends = [...this.#underWay, ...this.#waiting]
    await Promise.allSettled(appends.map(({ promise }) => promise))
  }
}
