// A member of a consumer group on Kafka: hands out records, and commits by hand what is settled without a gap.
import type { Admin, Consumer as Client, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'
import { boundsOf, lagOf } from './kafka-offsets.ts'
import { toPosted } from './kafka-record.ts'
import type { Bounds, Subscription } from './log.ts'
import { Settled } from './settled.ts'

interface Options extends Subscription {
  groupId: string
}

const commitEvery = 1000
const heartbeatEvery = 2000
/** One record that stays open must not let the others run on without end: a crash hands all of them out again. */
const maxSpan = 100_000

export class KafkaConsumer {
  #client: Client
  #admin: Admin
  #options: Options
  /** For each partition that this member has now. */
  #settled = new Map<number, Settled>()
  #committed = new Map<number, number>()
  #active = new Set<Promise<void>>()
  #closing: Promise<void> | undefined
  #wake: (() => void)[] = []
  #commits: NodeJS.Timeout | undefined

  constructor(kafka: Kafka, admin: Admin, options: Options) {
    this.#admin = admin
    this.#options = options
    this.#client = kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: heartbeatEvery,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      readUncommitted: false,
      retry: { retries: 10, maxRetryTime: 2000, restartOnFailure: async () => !this.#closing },
    })
  }

  /** Resolves when this member has joined its group. */
  async start(): Promise<void> {
    const { topic, from } = this.#options
    const joined = Promise.withResolvers<void>()
    // What this member was handed before belongs to whoever has the partitions now.
    this.#client.on(this.#client.events.GROUP_JOIN, () => {
      this.#settled.clear()
      this.#committed.clear()
      joined.resolve()
    })
    // What a batch of markers or of aborted records holds is not handed out; kafkajs has passed it.
    this.#client.on(this.#client.events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#pass(payload.partition, payload.lastOffset)
    })
    // Before the partitions move: what is settled by then does not come again, here or elsewhere.
    this.#client.on(this.#client.events.REBALANCING, () => this.#commit().catch(warn))
    await this.#client.connect()
    await this.#client.subscribe({ topics: [topic], fromBeginning: from === 'earliest' })
    await this.#client.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 100,
      eachBatch: (payload) => this.#handOut(payload),
    })
    await joined.promise
    this.#commits = setInterval(() => void this.#commit().catch(warn), commitEvery)
  }

  async #handOut({
    batch,
    resolveOffset,
    heartbeat,
    isRunning,
    isStale,
  }: EachBatchPayload): Promise<void> {
    const { partition } = batch
    for (const message of batch.messages) {
      const offset = Number(message.offset)
      const settled = this.#settled.get(partition) ?? new Settled(offset)
      this.#settled.set(partition, settled)
      while (this.#full(settled) && isRunning() && !this.#closing) {
        await this.#room()
        await heartbeat()
      }
      if (!isRunning() || isStale() || this.#closing) return
      settled.handOut(offset)
      this.#handle(partition, message, settled)
      resolveOffset(message.offset)
    }
    this.#pass(partition, batch.lastOffset())
    await heartbeat()
  }

  /** Up to the last offset of a batch, which may be a marker's. */
  #pass(partition: number, lastOffset: string): void {
    const next = Number(lastOffset) + 1
    const settled = this.#settled.get(partition) ?? new Settled(next)
    this.#settled.set(partition, settled)
    settled.pass(next)
    this.#options.passed?.(partition, next)
  }

  #full(settled: Settled): boolean {
    return this.#active.size >= this.#options.inFlight || settled.span >= maxSpan
  }

  /** Resolves when a record is settled, or when it is time for a heartbeat. */
  async #room(): Promise<void> {
    const woken = Promise.withResolvers<void>()
    this.#wake.push(woken.resolve)
    const timer = setTimeout(woken.resolve, heartbeatEvery)
    await woken.promise
    clearTimeout(timer)
  }

  #handle(partition: number, message: KafkaMessage, settled: Settled): void {
    const { topic, handle } = this.#options
    const offset = Number(message.offset)
    const { key, value, headers, timestamp } = message
    const posted = toPosted({
      topic,
      partition,
      offset: message.offset,
      timestamp,
      key,
      value,
      headers,
    })
    const handled = handle({ topic, partition, offset, ...posted }).then(
      () => settled.settle(offset),
      () => {}, // stays open: it comes again after a restart
    )
    this.#active.add(handled)
    handled.then(() => {
      this.#active.delete(handled)
      for (const wake of this.#wake.splice(0)) wake()
    })
  }

  async #commit(): Promise<void> {
    const { topic, group } = this.#options
    if (!group) return
    const moved = [...this.#settled]
      .map(([partition, settled]) => ({ partition, offset: settled.committable }))
      .filter(({ partition, offset }) => this.#committed.get(partition) !== offset)
    if (moved.length === 0) return
    await this.#client.commitOffsets(
      moved.map(({ partition, offset }) => ({ topic, partition, offset: String(offset) })),
    )
    for (const { partition, offset } of moved) this.#committed.set(partition, offset)
  }

  lag(): Promise<number> {
    const settled = (partition: number) => this.#settled.get(partition)?.committable
    return lagOf(this.#admin, this.#options, settled)
  }

  bounds(): Promise<Bounds[]> {
    return boundsOf(this.#admin, this.#options.topic)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearInterval(this.#commits)
    for (const wake of this.#wake.splice(0)) wake()
    await Promise.all(this.#active)
    await this.#commit().catch(warn)
    await this.#client.disconnect()
    if (!this.#options.group) {
      await this.#admin.deleteGroups([this.#options.groupId]).catch(warn)
    }
  }
}

const warn = ({ name, message }: Error): void => process.emitWarning(message, name)
