// One membership in a consumer group, from joining to its end. It does not come back by itself: who holds it makes another.
import type { Consumer as Client, EachBatchHandler, Kafka } from 'kafkajs'

export const heartbeatEvery = 2000

interface MemberOptions {
  groupId: string
  topic: string
  from: 'earliest' | 'latest'
}

interface Events {
  /** It has partitions, others than before. */
  joined: () => void
  /** Before the partitions move. */
  rebalancing: () => Promise<void>
  eachBatch: EachBatchHandler
  /** A batch of markers or of aborted records, which is not handed out; kafkajs has passed it. */
  emptyBatch: (partition: number, lastOffset: string) => void
}

export class Member {
  #client: Client
  #options: MemberOptions
  #events: Events
  #ended = Promise.withResolvers<Error | undefined>()

  constructor(kafka: Kafka, options: MemberOptions, events: Events) {
    this.#options = options
    this.#events = events
    this.#client = kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: 10_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: heartbeatEvery,
      // A partition that is added is read after so long; without it, after five minutes.
      metadataMaxAge: 30_000,
      maxWaitTimeInMs: 500,
      allowAutoTopicCreation: false,
      readUncommitted: false,
      retry: { retries: 10, maxRetryTime: 2000, restartOnFailure: async () => false },
    })
  }

  /** Joins, and hands out batches. Resolves with why it is no member any more; with nothing where it was asked to leave. */
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

  async commit(offsets: Map<number, number>): Promise<void> {
    const { topic } = this.#options
    await this.#client.commitOffsets(
      [...offsets].map(([partition, offset]) => ({ topic, partition, offset: String(offset) })),
    )
  }

  /** The next batch of the partition begins at `offset`. */
  seek(partition: number, offset: number): void {
    this.#client.seek({ topic: this.#options.topic, partition, offset: String(offset) })
  }

  leave(): void {
    this.#ended.resolve(undefined)
  }
}
