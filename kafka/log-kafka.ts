// The log on Apache Kafka: a lane for each partition in, consumer groups out.
import { randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { FormEvent, Topic } from './event.ts'
import { KafkaConsumer } from './kafka-consumer.ts'
import { toRecord } from './kafka-record.ts'
import { openProducer } from './kafkajs-producer.ts'
import { socketFactory } from './kafkajs-socket.ts'
import { Lane, type LaneProducer } from './lane.ts'
import { type Consumer, type Log, LogUnavailable, maxWaiting, type Subscription } from './log.ts'
import { Refused } from './refused.ts'
import { partitionsOf } from './topic-partitions.ts'

export interface KafkaLogOptions {
  connection: Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>
  topics: Topic[]
  /** Milliseconds after which an append is answered, whatever becomes of its batch. */
  deadline?: number
  /** Opens the producer of a partition; another client than kafkajs for the fault suite. */
  producer?: (topic: string, partition: number) => Promise<LaneProducer>
}

/** How often the brokers are asked whether they are there, and how long a batch may take before they seem not to be. */
const pingEvery = 2000
const held = 3000
/** How long a topic counts as refused: nobody would try again where a load balancer waits for `ready`. */
const refusedFor = 10_000

export class KafkaLog implements Log {
  #kafka: Kafka
  #admin: Admin
  #partitions: ReadonlyMap<string, number>
  #lanes = new Map<string, Lane>()
  #consumers = new Set<KafkaConsumer>()
  #deadline: number
  #open: (topic: string, partition: number) => Promise<LaneProducer>
  #waiting = 0
  #reachable = true
  /** When the last append to a topic was refused; what it takes is not in here. */
  #refused = new Map<string, number>()
  #ping: NodeJS.Timeout

  /** Rejects where the brokers cannot be reached, or lack a topic. */
  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const kafka = new Kafka({
      clientId: 'formstream',
      connectionTimeout: 3000,
      requestTimeout: 15_000,
      logLevel: logLevel.NOTHING,
      socketFactory,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 8 },
      ...options.connection,
    })
    const admin = kafka.admin()
    try {
      await admin.connect()
      return new KafkaLog(kafka, admin, await partitionsOf(admin, options.topics), options)
    } catch (error) {
      await admin.disconnect()
      throw error
    }
  }

  private constructor(
    kafka: Kafka,
    admin: Admin,
    partitions: ReadonlyMap<string, number>,
    { deadline = 10_000, producer }: KafkaLogOptions,
  ) {
    this.#kafka = kafka
    this.#admin = admin
    this.#partitions = partitions
    this.#deadline = deadline
    this.#open = producer ?? ((topic, partition) => openProducer(kafka, topic, partition))
    this.#ping = setInterval(() => void this.#look(), pingEvery).unref()
  }

  async #look(): Promise<void> {
    const asked = this.#admin.describeCluster().then(
      ({ brokers }) => brokers.length > 0,
      () => false,
    )
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, pingEvery, false).unref())
    this.#reachable = await Promise.race([asked, late])
  }

  async append(topic: string, event: FormEvent): Promise<void> {
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
      await this.#lane(topic, partition).append(toRecord(event))
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
    const lane = new Lane(() => this.#open(topic, partition), this.#deadline)
    this.#lanes.set(name, lane)
    return lane
  }

  async consume(subscription: Subscription): Promise<Consumer> {
    // Loaded here, not above: an endpoint only appends.
    const { registerCodecs } = await import('./kafkajs-codecs.ts')
    registerCodecs()
    const groupId = subscription.group ?? `watch-${randomUUID()}`
    const consumer = new KafkaConsumer(this.#kafka, this.#admin, { ...subscription, groupId })
    this.#consumers.add(consumer)
    await consumer.start()
    return {
      lag: () => consumer.lag(),
      bounds: () => consumer.bounds(),
      close: async () => {
        this.#consumers.delete(consumer)
        await consumer.close()
      },
    }
  }

  ready(): boolean {
    const since = performance.now() - refusedFor
    return (
      this.#reachable &&
      [...this.#lanes.values()].every((lane) => lane.held < held) &&
      [...this.#refused.values()].every((refused) => refused < since)
    )
  }

  async close(): Promise<void> {
    clearInterval(this.#ping)
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()))
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()))
    await this.#admin.disconnect()
  }
}
