// The way into the topics on Kafka: a lane for each partition, as many as the topics have now.
import { crc32 } from 'node:zlib'
import type { Admin } from 'kafkajs'
import type { FormEvent } from '../../define-event.ts'
import { countPartitions } from '../../topics/partitions.ts'
import { LogUnavailable, maxWaiting } from '../port.ts'
import { toRecord } from './convert-record.ts'
import { Refused } from './partition-producer.ts'
import { Lane, type LaneProducer } from './partition-writer.ts'

interface Options {
  admin: Admin
  partitions: ReadonlyMap<string, number>
  /** Milliseconds after which an append is answered, whatever becomes of its batch. */
  deadline: number
  /** Opens the producer of a partition. */
  open: (topic: string, partition: number) => Promise<LaneProducer>
}

/** Milliseconds that a batch may take before the brokers seem to be away. */
const held = 3000
/** How long a topic counts as refused: nobody would try again where a load balancer waits for `ready`. */
const refusedFor = 10_000
/** How often the partitions are counted: somebody may add some, or make a topic anew with fewer. */
const recountEvery = 10_000

export class Lanes {
  #options: Options
  #partitions: ReadonlyMap<string, number>
  #lanes = new Map<string, Lane>()
  /** Of partitions that are no more. */
  #dropped = new Set<Promise<void>>()
  #waiting = 0
  /** When the last append to a topic was refused; what it takes is not in here. */
  #refused = new Map<string, number>()
  #recounts: NodeJS.Timeout

  constructor(options: Options) {
    this.#options = options
    this.#partitions = options.partitions
    this.#recounts = setInterval(() => void this.#recount(), recountEvery).unref()
  }

  async append(topic: string, event: FormEvent, written?: string): Promise<void> {
    const partitions = this.#partitions.get(topic)
    if (!partitions) {
      throw new LogUnavailable(`Expected a declared topic, found "${topic}"`, { begun: false })
    }
    if (this.#waiting >= maxWaiting) {
      const message = `Expected at most ${maxWaiting} appends to wait for Kafka`
      throw new LogUnavailable(message, { begun: false })
    }
    this.#waiting += 1
    try {
      // As librdkafka places keys; a tenth of what murmur2 costs in JavaScript.
      const partition = crc32(event.partitionkey) % partitions
      await this.#lane(topic, partition).append(toRecord(event, written))
      this.#refused.delete(topic)
    } catch (error) {
      const refused = error instanceof LogUnavailable && error.cause instanceof Refused
      if (refused) this.#refused.set(topic, performance.now())
      throw error
    } finally {
      this.#waiting -= 1
    }
  }

  #lane(topic: string, partition: number): Lane {
    const name = `${topic}/${partition}`
    const known = this.#lanes.get(name)
    if (known) return known
    const { open, deadline } = this.#options
    const lane = new Lane(() => open(topic, partition), deadline)
    this.#lanes.set(name, lane)
    return lane
  }

  async #recount(): Promise<void> {
    const counted = await countPartitions(this.#options.admin, [...this.#partitions.keys()]).catch(
      () => new Map<string, number>(),
    )
    this.#partitions = new Map([...this.#partitions, ...counted])
    for (const [name, lane] of this.#lanes) {
      const [topic = '', partition] = name.split('/')
      if (Number(partition) < (this.#partitions.get(topic) ?? 0)) continue
      this.#lanes.delete(name)
      const closed = lane.close().finally(() => this.#dropped.delete(closed))
      this.#dropped.add(closed)
    }
  }

  ready(): boolean {
    const since = performance.now() - refusedFor
    return (
      [...this.#lanes.values()].every((lane) => lane.held < held) &&
      [...this.#refused.values()].every((refused) => refused < since)
    )
  }

  async close(): Promise<void> {
    clearInterval(this.#recounts)
    const closing = [...this.#lanes.values()].map((lane) => lane.close())
    await Promise.all([...closing, ...this.#dropped])
  }
}
