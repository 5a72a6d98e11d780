// A consumer group on the embedded log. Reads the forms of a topic side by side, and commits what is handled.
import type { Bounds, Consumer, SkippedRecord, Subscription } from '../port.ts'
import { SqliteDispatcher } from './dispatcher.ts'
import { GroupOffsets } from './group-offsets.ts'
import type { GroupStart } from './groups.ts'
import type { StoreThread } from './store-thread.ts'
import { TopicProgress } from './topic-progress.ts'
import { TopicReader } from './topic-reader.ts'

const commitEvery = 1000

export class SqliteConsumer implements Consumer {
  readonly topic: string
  readonly closed: Promise<void>
  #store: Pick<StoreThread, 'call' | 'file'>
  #dispatcher: SqliteDispatcher
  #reader: TopicReader
  #offsets: GroupOffsets
  #closing = false
  #wake: () => void = () => {}
  #commits: NodeJS.Timeout

  constructor(
    store: Pick<StoreThread, 'call' | 'file'>,
    subscription: Subscription & { group: string },
    start: GroupStart,
  ) {
    const { topic, group } = subscription
    this.topic = topic
    this.#store = store
    const progress = new TopicProgress(start)
    this.#dispatcher = new SqliteDispatcher(subscription, progress, () => this.#wake())
    this.#reader = new TopicReader({
      store,
      subscription,
      progress,
      dispatcher: this.#dispatcher,
      onRetry: () => this.#wake(),
    })
    this.#offsets = new GroupOffsets(store, { topic, group, start }, progress)
    this.#commits = setInterval(
      () => void this.#offsets.commit().catch(process.emitWarning),
      commitEvery,
    )
    this.closed = this.#run()
  }

  /** Call it after records were appended to the topic. */
  wake(): void {
    this.#reader.notify()
    this.#wake()
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      const found = await this.#reader.readNext()
      if (!found && !this.#closing) await woken
    }
  }

  lag(): Promise<number> {
    return this.#offsets.lag()
  }

  oldest(): Promise<number | undefined> {
    return this.#offsets.oldest()
  }

  bounds(): Promise<Bounds[]> {
    return this.#store.call('bounds', this.topic)
  }

  async skip(record: SkippedRecord): Promise<void> {
    await this.#offsets.skip(record)
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#reader.close()
    this.#wake()
    clearInterval(this.#commits)
    await this.closed
    await this.#dispatcher.idle()
    await this.#offsets.commit()
  }
}
