// One session in a consumer group, from joining to its end. It does not rejoin; `GroupMembership` starts another session.
import type { Consumer as Client, EachBatchHandler, Kafka } from 'kafkajs'

/** Milliseconds. */
export const heartbeatEvery = 2000

interface SessionOptions {
  groupId: string
  topic: string
  from: 'earliest' | 'latest'
}

interface SessionEvents {
  /** Partitions were assigned, in general other ones than before. */
  joined: () => void
  /** Awaited before partitions are reassigned. */
  rebalancing: () => Promise<void>
  eachBatch: EachBatchHandler
  /** A batch with nothing but transaction markers or aborted records, which kafkajs skips. */
  emptyBatch: (partition: number, lastOffset: string) => void
}

export class GroupSession {
  #client: Client
  #options: SessionOptions
  #events: SessionEvents
  #ended = Promise.withResolvers<Error | undefined>()

  constructor(kafka: Kafka, options: SessionOptions, events: SessionEvents) {
    this.#options = options
    this.#events = events
    this.#client = kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: heartbeatEvery,
      // How soon a new partition is read. The default is five minutes.
      metadataMaxAge: 30_000,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      readUncommitted: false,
      retry: { retries: 10, maxRetryTime: 2000, restartOnFailure: async () => false },
    })
  }

  /** Joins and delivers batches. Resolves when the session ends: with the reason, or with undefined after `leave`. */
  async run(): Promise<Error | undefined> {
    const { topic, from } = this.#options
    const { GROUP_JOIN, REBALANCING, CRASH, END_BATCH_PROCESS } = this.#client.events
    this.#client.on(GROUP_JOIN, () => this.#events.joined())
    this.#client.on(REBALANCING, () => this.#events.rebalancing())
    this.#client.on(END_BATCH_PROCESS, ({ payload: { batchSize, partition, lastOffset } }) => {
      if (batchSize === 0) this.#events.emptyBatch(partition, lastOffset)
    })
    this.#client.on(CRASH, ({ payload }) => this.#ended.resolve(payload.error))
    try {
      await this.#client.connect()
      await this.#client.subscribe({ topics: [topic], fromBeginning: from === 'earliest' })
      await this.#client.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 100,
        eachBatch: this.#events.eachBatch,
      })
    } catch (error) {
      this.#ended.resolve(error as Error)
    }
    const error = await this.#ended.promise
    await this.#client.disconnect().catch(() => {})
    return error
  }

  /** Partition → offset. */
  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    const { topic } = this.#options
    await this.#client.commitOffsets(
      [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) })),
    )
  }

  /** Continues the partition at `offset`. */
  seek(partition: number, offset: number): void {
    this.#client.seek({ topic: this.#options.topic, partition, offset: String(offset) })
  }

  leave(): void {
    this.#ended.resolve(undefined)
  }
}
