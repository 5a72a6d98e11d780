// The embedded log: an SQLite file, for one process on one machine. Threads of that process can share it.
import type { MessagePort } from 'node:worker_threads'
import type { KeyedMessage } from '../../binary-mode.ts'
import type { Topic } from '../../define-event.ts'
import type { Consumer, Log, Subscription } from '../port.ts'
import { SqliteConsumer } from './consumer.ts'
import { GroupCommit } from './group-commit.ts'
import { StoreThread } from './store-thread.ts'
import { SqliteWatcher } from './watcher.ts'

const retainEvery = 60_000

/** What another thread needs to use the same log. */
export interface SharedLog {
  file: string
  port: MessagePort
}

export class SqliteLog implements Log {
  readonly store: StoreThread
  #appends: GroupCommit
  #wake: (topics: ReadonlySet<string>) => void
  #consumers = new Set<SqliteConsumer | SqliteWatcher>()
  #retention: NodeJS.Timeout | undefined

  /** Rejects if another process owns the file or it cannot be used. `maxBytes`: limit of the whole file. */
  static async open(file: string, topics: Topic[], maxBytes?: number): Promise<SqliteLog> {
    const store = await StoreThread.open(file, topics, maxBytes)
    const log = new SqliteLog(store)
    log.#retention = setInterval(
      () => void store.call('retain').catch(process.emitWarning),
      retainEvery,
    ).unref()
    return log
  }

  /** The log that another thread has opened. Close it before that thread does. */
  static join({ file, port }: SharedLog): SqliteLog {
    return new SqliteLog(StoreThread.join(file, port))
  }

  private constructor(store: StoreThread) {
    this.store = store
    const wake = (topics: ReadonlySet<string>) => {
      for (const consumer of this.#consumers) if (topics.has(consumer.topic)) consumer.wake()
    }
    this.#appends = new GroupCommit(store, wake)
    this.#wake = wake
  }

  /** Transfer the port to another thread, which calls `join`. */
  share(): SharedLog {
    return { file: this.store.file, port: this.store.share() }
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
    // Not earlier: a thread that only appends needs no messages about the appends of others.
    this.store.watch(this.#wake)
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
