// Writes batches to one partition, each until its outcome is known. A batch never spans partitions: kafkajs can acknowledge records
// that it did not write when a batch spans partitions and a leader moves (docs/adr/0006).
import { setTimeout as delay } from 'node:timers/promises'
import { LogUnavailable, TooLarge } from '../port.ts'
import { BatchRefusal, type OutgoingRecord, type PartitionProducer } from './partition-producer.ts'

/** Milliseconds before a failed batch is sent again by a new producer. */
const retryAfter = 200
/** Time limit for disconnecting, ms. */
const disconnectTimeout = 2000

export class PartitionWriter {
  #openProducer: () => Promise<PartitionProducer>
  #producer: Promise<PartitionProducer> | undefined
  #batchSince: number | undefined
  #closing = false

  constructor(openProducer: () => Promise<PartitionProducer>) {
    this.#openProducer = openProducer
  }

  /**
   * Resolves with `TooLarge` or `LogUnavailable` if the batch was not written; the latter's cause is a `BatchRefusal` if Kafka
   * refused it. Not to be called again before that: each batch may be the last one that the producer can still repeat.
   */
  async write(records: OutgoingRecord[]): Promise<Error | undefined> {
    this.#batchSince = performance.now()
    const error = await this.#writeUntilDone(records)
    this.#batchSince = undefined
    return error
  }

  /** Always repeats the same batch: a broker could take a different one for its repeat, and drop it. */
  async #writeUntilDone(records: OutgoingRecord[]): Promise<Error | undefined> {
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

  /** Milliseconds since the current batch was first sent; undefined if there is none. */
  get batchAge(): number | undefined {
    return this.#batchSince === undefined ? undefined : performance.now() - this.#batchSince
  }

  /** Gives up the current batch. */
  async close(): Promise<void> {
    this.#closing = true
    await Promise.race([this.#closeProducer(), delay(disconnectTimeout, undefined, { ref: false })])
  }
}

const toAppendError = (cause: BatchRefusal, begun: boolean): Error =>
  cause.tooLarge
    ? new TooLarge(cause.message, { cause })
    : new LogUnavailable(cause.message, { cause, begun: begun || cause.begun })
