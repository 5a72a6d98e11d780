// Writes to one partition, one batch at a time; records that arrive meanwhile form the next batch. A batch never spans partitions:
// kafkajs can acknowledge records that it did not write when a batch spans partitions and a leader moves (docs/adr/0006).
import { setTimeout as delay } from 'node:timers/promises'
import { LogUnavailable, TooLarge } from '../port.ts'
import { BatchRefusal, type OutgoingRecord, type PartitionProducer } from './partition-producer.ts'

interface PendingAppend {
  record: OutgoingRecord
  finish: (error?: Error) => void
}

const maxBatchRecords = 1000
const maxBatchBytes = 512 * 1024
/** Milliseconds before a failed batch is sent again by a new producer. */
const retryAfter = 200
/** Time limit for disconnecting, ms. */
const disconnectTimeout = 2000

export class PartitionWriter {
  #openProducer: () => Promise<PartitionProducer>
  #deadline: number
  #producer: Promise<PartitionProducer> | undefined
  #pending = new Set<PendingAppend>()
  #running: Promise<void> | undefined
  #batchSince: number | undefined
  #closing = false

  /** `deadline`: milliseconds after which an append is rejected, even if its batch is still being sent. */
  constructor(openProducer: () => Promise<PartitionProducer>, deadline: number) {
    this.#openProducer = openProducer
    this.#deadline = deadline
  }

  /** Rejects with `TooLarge` or `LogUnavailable`; the latter's cause is a `BatchRefusal` if Kafka refused the batch. */
  append(record: OutgoingRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      const pending: PendingAppend = {
        record,
        finish: (error) => {
          clearTimeout(timer)
          if (error) reject(error)
          else resolve()
        },
      }
      const timer = setTimeout(() => this.#timeOut(pending), this.#deadline)
      this.#pending.add(pending)
      this.#running ??= this.#run()
    })
  }

  /** Removes the record if it still waits. If its batch is being sent, it may yet be written, so a retry needs the same id. */
  #timeOut(append: PendingAppend): void {
    const begun = !this.#pending.delete(append)
    append.finish(new LogUnavailable(`No answer from Kafka in ${this.#deadline} ms`, { begun }))
  }

  async #run(): Promise<void> {
    while (this.#pending.size > 0) await this.#send(this.#nextBatch())
    this.#running = undefined
  }

  #nextBatch(): PendingAppend[] {
    const batch: PendingAppend[] = []
    let bytes = 0
    for (const append of this.#pending) {
      bytes += append.record.value.length
      if (batch.length > 0 && (batch.length >= maxBatchRecords || bytes > maxBatchBytes)) break
      batch.push(append)
      this.#pending.delete(append)
    }
    return batch
  }

  /** Splits a batch that is too large into halves, in order, until only the record that is too large by itself fails. */
  async #send(batch: PendingAppend[]): Promise<void> {
    this.#batchSince = performance.now()
    const error = await this.#sendUntilDone(batch.map(({ record }) => record))
    this.#batchSince = undefined
    if (batch.length > 1 && error instanceof TooLarge) {
      const half = Math.ceil(batch.length / 2)
      await this.#send(batch.slice(0, half))
      await this.#send(batch.slice(half))
      return
    }
    for (const { finish } of batch) finish(error)
  }

  /** Always repeats the same batch: a broker could take a different one for its repeat, and drop it. */
  async #sendUntilDone(records: OutgoingRecord[]): Promise<Error | undefined> {
    let begun = false
    while (!this.#closing) {
      let sent = false
      try {
        this.#producer ??= this.#openProducer()
        const producer = await this.#producer
        sent = true
        await producer.send(records)
        return
      } catch (cause) {
        await this.#closeProducer()
        if (cause instanceof BatchRefusal) return toAppendError(cause, begun)
        begun ||= sent
        await delay(retryAfter)
      }
    }
    return new LogUnavailable('The log was closed', { begun })
  }

  /** A producer that failed is not used again: its sequence numbers may not match those of the broker. */
  async #closeProducer(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined)
    this.#producer = undefined
    await producer?.close().catch(({ name, message }) => process.emitWarning(message, name))
  }

  /** Milliseconds since the current batch was first sent; 0 if there is none. */
  get batchAge(): number {
    return this.#batchSince === undefined ? 0 : performance.now() - this.#batchSince
  }

  /** Waits for pending appends, at most until the deadline. */
  async close(): Promise<void> {
    await atMost(this.#deadline, this.#running)
    this.#closing = true
    await atMost(disconnectTimeout, this.#closeProducer())
  }
}

const toAppendError = (cause: BatchRefusal, begun: boolean): Error =>
  cause.tooLarge
    ? new TooLarge(cause.message, { cause })
    : new LogUnavailable(cause.message, { cause, begun: begun || cause.begun })

const atMost = (milliseconds: number, promise: Promise<void> | undefined): Promise<void> =>
  Promise.race([promise, delay(milliseconds, undefined, { ref: false })])
