// The log on Apache Kafka: a lane for each partition in, consumer groups out.
import { randomUUID } from 'node:crypto'
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { FormEvent, Topic } from '../../define-event.ts'
import { partitionsOf } from '../../topics/partitions.ts'
import type { Consumer, Log, Subscription } from '../port.ts'
import { KafkaConsumer } from './consumer.ts'
import { clientId, expectNoOthers, groupIdOf, takeOver } from './groups.ts'
import { openProducer } from './open-producer.ts'
import type { LaneProducer } from './partition-writer.ts'
import { Lanes } from './partition-writers.ts'
import { socketFactory } from './socket-factory.ts'

export interface KafkaLogOptions {
  connection: Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>
  topics: Topic[]
  /** Before the name of each group. Not set: `formstream.`, and no other program may read by the name without it. */
  groupPrefix?: string | undefined
  /** Milliseconds after which an append is answered, whatever becomes of its batch. */
  deadline?: number
  /** Opens the producer of a partition; another client than kafkajs for the fault suite. */
  producer?: (topic: string, partition: number) => Promise<LaneProducer>
}

/** How often the brokers are asked whether they are there. */
const pingEvery = 2000

export class KafkaLog implements Log {
  #kafka: Kafka
  #admin: Admin
  #lanes: Lanes
  #consumers = new Set<KafkaConsumer>()
  #groupPrefix: string | undefined
  #reachable = true
  #ping: NodeJS.Timeout

  /** Rejects where the brokers cannot be reached, or lack a topic. */
  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const kafka = new Kafka({
      clientId,
      connectionTimeout: 3000,
      requestTimeout: 15_000,
      logLevel: logLevel.NOTHING,
      socketFactory,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 8 },
      ...options.connection,
    })
    const admin = kafka.admin()
    const { deadline = 10_000, producer } = options
    const open = producer ?? ((topic, partition) => openProducer(kafka, topic, partition))
    try {
      await admin.connect()
      const partitions = await partitionsOf(admin, options.topics)
      const lanes = new Lanes({ admin, partitions, deadline, open })
      return new KafkaLog(kafka, admin, lanes, options.groupPrefix)
    } catch (error) {
      await admin.disconnect()
      throw error
    }
  }

  private constructor(kafka: Kafka, admin: Admin, lanes: Lanes, groupPrefix: string | undefined) {
    this.#kafka = kafka
    this.#admin = admin
    this.#lanes = lanes
    this.#groupPrefix = groupPrefix
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

  append(topic: string, event: FormEvent, written?: string): Promise<void> {
    return this.#lanes.append(topic, event, written)
  }

  async consume(subscription: Subscription): Promise<Consumer> {
    // Loaded here, not above: an endpoint only appends.
    const { registerCodecs } = await import('./codecs.ts')
    registerCodecs()
    const consumer = new KafkaConsumer(this.#kafka, this.#admin, {
      ...subscription,
      groupId: subscription.group
        ? groupIdOf(subscription.group, this.#groupPrefix)
        : `watch-${randomUUID()}`,
      prepare: () => this.#prepare(subscription),
    })
    this.#consumers.add(consumer)
    const close = async () => {
      this.#consumers.delete(consumer)
      await consumer.close()
    }
    await consumer.start().catch(async (error) => {
      await close()
      throw error
    })
    return {
      lag: () => consumer.lag(),
      oldest: () => consumer.oldest(),
      bounds: () => consumer.bounds(),
      skip: (record) => consumer.skip(record),
      close,
    }
  }

  async #prepare({ group, topic }: Subscription): Promise<void> {
    if (!group) return
    const names = { topic, plain: group, groupId: groupIdOf(group, this.#groupPrefix) }
    if (this.#groupPrefix === undefined) await expectNoOthers(this.#admin, names)
    await takeOver(this.#admin, names)
  }

  ready(): boolean {
    return this.#reachable && this.#lanes.ready()
  }

  async close(): Promise<void> {
    clearInterval(this.#ping)
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()))
    await this.#lanes.close()
    await this.#admin.disconnect()
  }
}
