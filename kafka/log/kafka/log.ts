// The log on Apache Kafka: writers of the topics, and consumer groups.
import { randomUUID } from 'node:crypto'
import { type Admin, Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import type { KeyedMessage } from '../../binary-mode.ts'
import type { Topic } from '../../define-event.ts'
import { partitionsOf } from '../../topics/partitions.ts'
import type { Consumer, Log, Subscription } from '../port.ts'
import { KafkaConsumer } from './consumer.ts'
import type { Connection } from './environment.ts'
import { clientId, copyUnprefixedOffsets, expectNoOtherProgram, groupIdOf } from './groups.ts'
import { openProducer } from './open-producer.ts'
import type { PartitionProducer } from './partition-producer.ts'
import { socketFactory } from './socket-factory.ts'
import { TopicWriters } from './topic-writers.ts'

export interface KafkaLogOptions {
  connection: Connection
  topics: Topic[]
  /** Put before the names of groups. Default: `formstream.`, and then no other program may use a group by its plain name. */
  groupPrefix?: string | undefined
  /** Milliseconds after which an append is rejected, even if its batch is still being sent. */
  deadline?: number
  /** Opens the producer of a partition. The fault tests run another client than kafkajs. */
  openProducer?: (topic: string, partition: number) => Promise<PartitionProducer>
}

/** Milliseconds between two checks whether the brokers can be reached; also the time limit of a check. */
const pingEvery = 2000

export class KafkaLog implements Log {
  #kafka: Kafka
  #admin: Admin
  #writers: TopicWriters
  #consumers = new Set<KafkaConsumer>()
  #groupPrefix: string | undefined
  #reachable = true
  #ping: NodeJS.Timeout
  #checking = Promise.resolve()

  /** Rejects if the brokers cannot be reached or lack a topic. */
  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const config: KafkaConfig = {
      clientId,
      connectionTimeout: 3000,
      requestTimeout: 15_000,
      logLevel: logLevel.NOTHING,
      socketFactory,
      retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 8 },
      ...options.connection,
    }
    const kafka = new Kafka(config)
    const admin = kafka.admin()
    const {
      deadline = 10_000,
      openProducer: open = (topic, partition) => openProducer(config, topic, partition),
    } = options
    try {
      await admin.connect()
      const partitions = await partitionsOf(admin, options.topics)
      const writers = new TopicWriters({
        admin,
        topics: options.topics,
        partitions,
        deadline,
        openProducer: open,
      })
      return new KafkaLog(kafka, admin, writers, options.groupPrefix)
    } catch (error) {
      await admin.disconnect()
      throw error
    }
  }

  private constructor(
    kafka: Kafka,
    admin: Admin,
    writers: TopicWriters,
    groupPrefix: string | undefined,
  ) {
    this.#kafka = kafka
    this.#admin = admin
    this.#writers = writers
    this.#groupPrefix = groupPrefix
    const check = () => {
      this.#checking = this.#checkReachable()
    }
    this.#ping = setInterval(check, pingEvery).unref()
  }

  async #checkReachable(): Promise<void> {
    const answered = this.#admin.describeCluster().then(
      ({ brokers }) => brokers.length > 0,
      () => false,
    )
    const timeout = new Promise<boolean>((resolve) => setTimeout(resolve, pingEvery, false).unref())
    this.#reachable = await Promise.race([answered, timeout])
  }

  append(topic: string, event: KeyedMessage): Promise<void> {
    return this.#writers.append(topic, event)
  }

  async consume(subscription: Subscription): Promise<Consumer> {
    // Loaded on demand: the form endpoint only appends.
    const { registerCodecs } = await import('./codecs.ts')
    registerCodecs()
    const consumer = new KafkaConsumer(this.#kafka, this.#admin, {
      ...subscription,
      groupId: subscription.group
        ? groupIdOf(subscription.group, this.#groupPrefix)
        : `watch-${randomUUID()}`,
      prepare: () => this.#prepareGroup(subscription),
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

  async #prepareGroup({ group, topic }: Subscription): Promise<void> {
    if (!group) return
    const names = { topic, plain: group, groupId: groupIdOf(group, this.#groupPrefix) }
    if (this.#groupPrefix === undefined) await expectNoOtherProgram(this.#admin, names)
    await copyUnprefixedOffsets(this.#admin, names)
  }

  ready(): boolean {
    return this.#reachable && this.#writers.ready()
  }

  async close(): Promise<void> {
    clearInterval(this.#ping)
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()))
    await this.#writers.close()
    // If a request is under way while kafkajs disconnects, it connects again, and that connection stays open.
    await this.#checking
    await this.#admin.disconnect()
  }
}
