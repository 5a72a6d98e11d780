// Appends to the declared topics: chooses the partitions, and follows changes of their number.
import { setTimeout as delay } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import type { Admin } from 'kafkajs'
import type { KeyedMessage } from '../../binary-mode.ts'
import type { Topic } from '../../define-event.ts'
import { countPartitions } from '../../topics/partitions.ts'
import { LogUnavailable, maxWaiting } from '../port.ts'
import { Batcher } from './batcher.ts'
import { toKafkaRecord } from './convert-record.ts'
import { BatchRefusal, type PartitionProducer } from './partition-producer.ts'
import { PartitionWriter } from './partition-writer.ts'

interface Options {
  admin: Admin
  topics: Topic[]
  /** Topic → number of partitions. */
  partitions: ReadonlyMap<string, number>
  /** Milliseconds after which an append is rejected. */
  deadline: number
  openProducer: (topic: string, partition: number) => Promise<PartitionProducer>
}

/** Milliseconds without an answer after which the log is not ready: the brokers are probably unreachable. */
const maxStall = 3000
/** Milliseconds that the log is not ready after a refusal. Then it is ready again, because only a new append can tell. */
const refusalCounts = 10_000
/** Somebody may add partitions to a topic, or recreate it with fewer. */
const recountEvery = 10_000
/** Time limit for a count under way when the log closes, ms. */
const closeTimeout = 2000

export class TopicWriters {
  #options: Options
  /** One for each partition of a topic; one for all of them if the order of the topic does not matter. */
  #batchers = new Map<string, Batcher[]>()
  #partitions = new Map<string, number>()
  /** Closing batchers of a former number of partitions. */
  #closing = new Set<Promise<unknown>>()
  #pending = 0
  /** Topic → time of its last refused append; cleared by a success. */
  #refusedAt = new Map<string, number>()
  #recounts: NodeJS.Timeout
  #recounting = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
    this.#follow(options.partitions)
    const recount = () => {
      this.#recounting = this.#recount()
    }
    this.#recounts = setInterval(recount, recountEvery).unref()
  }

  async append(topic: string, event: KeyedMessage): Promise<void> {
    if (this.#pending >= maxWaiting) {
      const message = `Expected at most ${maxWaiting} pending appends to Kafka`
      throw new LogUnavailable(message, { begun: false })
    }
    const batcher = this.#batcherOf(topic, event.key)
    this.#pending += 1
    try {
      await batcher.append(toKafkaRecord(event))
      this.#refusedAt.delete(topic)
    } catch (error) {
      const refused = error instanceof LogUnavailable && error.cause instanceof BatchRefusal
      if (refused) this.#refusedAt.set(topic, performance.now())
      throw error
    } finally {
      this.#pending -= 1
    }
  }

  #batcherOf(topic: string, key: string): Batcher {
    const batchers = this.#batchers.get(topic) ?? []
    // The partitioner of librdkafka. In JavaScript it costs a tenth of murmur2, that of the Java client.
    const batcher = batchers[crc32(key) % batchers.length]
    if (batcher) return batcher
    throw new LogUnavailable(`Expected a declared topic, found "${topic}"`, { begun: false })
  }

  /** Starts batchers for each topic whose number of partitions has changed; the former ones close once they have written. */
  #follow(partitions: ReadonlyMap<string, number>): void {
    for (const [topic, count] of partitions) {
      if (this.#partitions.get(topic) === count) continue
      const former = this.#batchers.get(topic) ?? []
      this.#partitions.set(topic, count)
      this.#batchers.set(topic, this.#startBatchers(topic, count))
      const closed = closeAll(former).finally(() => this.#closing.delete(closed))
      this.#closing.add(closed)
    }
  }

  #startBatchers(topic: string, partitions: number): Batcher[] {
    const { topics, deadline, openProducer } = this.#options
    const writers = Array.from(
      { length: partitions },
      (_, partition) => new PartitionWriter(() => openProducer(topic, partition)),
    )
    const unordered = topics.some(({ name, order }) => name === topic && order === 'none')
    const groups = unordered ? [writers] : writers.map((writer) => [writer])
    return groups.map((group) => new Batcher(group, deadline))
  }

  async #recount(): Promise<void> {
    const { admin } = this.#options
    const counted = await countPartitions(admin, [...this.#partitions.keys()]).catch(
      () => undefined,
    )
    if (counted) this.#follow(counted)
  }

  ready(): boolean {
    const since = performance.now() - refusalCounts
    return (
      [...this.#batchers.values()].flat().every(({ stalledFor }) => stalledFor < maxStall) &&
      [...this.#refusedAt.values()].every((refusedAt) => refusedAt < since)
    )
  }

  async close(): Promise<void> {
    clearInterval(this.#recounts)
    await Promise.race([this.#recounting, delay(closeTimeout, undefined, { ref: false })])
    await Promise.all([closeAll([...this.#batchers.values()].flat()), ...this.#closing])
  }
}

const closeAll = (batchers: Batcher[]): Promise<unknown> =>
  Promise.all(batchers.map((batcher) => batcher.close()))
