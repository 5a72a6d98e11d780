// The writers of all partitions of the declared topics. Follows changes of the number of partitions.
import { crc32 } from 'node:zlib'
import type { Admin } from 'kafkajs'
import type { KeyedMessage } from '../../binary-mode.ts'
import { countPartitions } from '../../topics/partitions.ts'
import { LogUnavailable, maxWaiting } from '../port.ts'
import { toKafkaRecord } from './convert-record.ts'
import { BatchRefusal, type PartitionProducer } from './partition-producer.ts'
import { PartitionWriter } from './partition-writer.ts'

interface Options {
  admin: Admin
  /** Topic → number of partitions. */
  partitions: ReadonlyMap<string, number>
  /** Milliseconds after which an append is rejected. */
  deadline: number
  openProducer: (topic: string, partition: number) => Promise<PartitionProducer>
}

/** Milliseconds that a batch may take before the log is not ready: the brokers are probably unreachable. */
const maxBatchAge = 3000
/** Milliseconds that the log is not ready after a refusal. Then it is ready again, because only a new append can tell. */
const refusalCounts = 10_000
/** Somebody may add partitions to a topic, or recreate it with fewer. */
const recountEvery = 10_000

export class PartitionWriters {
  #options: Options
  #partitions: ReadonlyMap<string, number>
  /** Keyed by `<topic>/<partition>`. */
  #writers = new Map<string, PartitionWriter>()
  /** Closing writers of partitions that no longer exist. */
  #closing = new Set<Promise<void>>()
  #pending = 0
  /** Topic → time of its last refused append; cleared by a success. */
  #refusedAt = new Map<string, number>()
  #recounts: NodeJS.Timeout

  constructor(options: Options) {
    this.#options = options
    this.#partitions = options.partitions
    this.#recounts = setInterval(() => void this.#recount(), recountEvery).unref()
  }

  async append(topic: string, event: KeyedMessage): Promise<void> {
    const partitions = this.#partitions.get(topic)
    if (!partitions) {
      throw new LogUnavailable(`Expected a declared topic, found "${topic}"`, { begun: false })
    }
    if (this.#pending >= maxWaiting) {
      const message = `Expected at most ${maxWaiting} pending appends to Kafka`
      throw new LogUnavailable(message, { begun: false })
    }
    this.#pending += 1
    try {
      // The partitioner of librdkafka. In JavaScript it costs a tenth of murmur2, that of the Java client.
      const partition = crc32(event.key) % partitions
      await this.#writer(topic, partition).append(toKafkaRecord(event))
      this.#refusedAt.delete(topic)
    } catch (error) {
      const refused = error instanceof LogUnavailable && error.cause instanceof BatchRefusal
      if (refused) this.#refusedAt.set(topic, performance.now())
      throw error
    } finally {
      this.#pending -= 1
    }
  }

  #writer(topic: string, partition: number): PartitionWriter {
    const name = `${topic}/${partition}`
    const known = this.#writers.get(name)
    if (known) return known
    const { openProducer, deadline } = this.#options
    const writer = new PartitionWriter(() => openProducer(topic, partition), deadline)
    this.#writers.set(name, writer)
    return writer
  }

  async #recount(): Promise<void> {
    const counted = await countPartitions(this.#options.admin, [...this.#partitions.keys()]).catch(
      () => new Map<string, number>(),
    )
    this.#partitions = new Map([...this.#partitions, ...counted])
    for (const [name, writer] of this.#writers) {
      const [topic = '', partition] = name.split('/')
      if (Number(partition) < (this.#partitions.get(topic) ?? 0)) continue
      this.#writers.delete(name)
      const closed = writer.close().finally(() => this.#closing.delete(closed))
      this.#closing.add(closed)
    }
  }

  ready(): boolean {
    const since = performance.now() - refusalCounts
    return (
      [...this.#writers.values()].every(({ batchAge }) => batchAge < maxBatchAge) &&
      [...this.#refusedAt.values()].every((refusedAt) => refusedAt < since)
    )
  }

  async close(): Promise<void> {
    clearInterval(this.#recounts)
    const closed = [...this.#writers.values()].map((writer) => writer.close())
    await Promise.all([...closed, ...this.#closing])
  }
}
