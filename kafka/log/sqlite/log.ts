// The embedded log: an SQLite file, for one process on one machine.
import type { KeyedMessage } from '../../binary-mode.ts'
import type { Topic } from '../../define-event.ts'
import type { Consumer, Log, Subscription } from '../port.ts'
import { SqliteConsumer } from './consumer.ts'
import { GroupCommit } from './group-commit.ts'
import { StoreThread } from './store-thread.ts'
import { SqliteWatcher } from './watcher.ts'

const retainEvery = 60_000

export class SqliteLog implements Log {
  readonly store: StoreThread
  #appends: GroupCommit
  #consumers = new Set<SqliteConsumer | SqliteWatcher>()
  #retention: NodeJS.Timeout

  /** Rejects if another process owns the file or it cannot be used. */
  static async open(file: string, topics: Topic[]): Promise<SqliteLog> {
    return new SqliteLog(await StoreThread.open(file, topics))
  }

  private constructor(store: StoreThread) {
    this.store = store
    this.#appends = new GroupCommit(store, (topics) => {
      for (const consumer of this.#consumers) if (topics.has(consumer.topic)) consumer.wake()
    })
    this.#retention = setInterval(
      () => void store.call('retain').catch(process.emitWarning),
      retainEvery,
    ).unref()
  }

  append(topic: string, event: KeyedMessage): Promise<void> {
    const refusal = this.#appends.refusal()
    if (refusal) return Promise.reject(refusal)
    const { key, headers, body } = event
    return this.#appends.append({
      topic,
      form: headers['ce-form'] ?? '',
      key,
      headers: JSON.stringify(headers),
      body,
    })
  }

  async consume(subscription: Subscription): Promise<Consumer> {
    const consumer = await this.#open(subscription)
    this.#consumers.add(consumer)
    consumer.closed.then(() => this.#consumers.delete(consumer))
    return consumer
  }

  async #open(subscription: Subscription): Promise<SqliteConsumer | SqliteWatcher> {
    const { topic, group, from } = subscription
    const { store } = this
    if (group === undefined) {
      return new SqliteWatcher(store, subscription, await store.call('positions', topic, from))
    }
    const start = await store.call('subscribe', topic, group, from)
    return new SqliteConsumer(store, { ...subscription, group }, start)
  }

  ready(): boolean {
    return this.#appends.ready()
  }

  async close(): Promise<void> {
    clearInterval(this.#retention)
    this.#appends.stop()
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()))
    await this.#appends.idle()
    await this.store.close()
  }
}
