// The embedded log: what waits while a commit is under way shares the next one (group commit), in a thread of its own.
import { Worker } from 'node:worker_threads'
import { toMessage } from '../../binary-mode.ts'
import type { FormEvent, Topic } from '../../define-event.ts'
import { type Consumer, type Log, LogUnavailable, maxWaiting, type Subscription } from '../port.ts'
import { SqliteConsumer } from './consumer.ts'
import { sqliteProblem } from './database.ts'
import type { Appended, Store } from './store.ts'
import { SqliteWatcher } from './watcher.ts'

/** Records of one transaction, so that a commit stays in the milliseconds. */
const maxBatch = 1000
const retainEvery = 60_000
/** How often it is looked whether appends succeed again. */
const probeEvery = 2000

interface Waiting {
  record: Appended
  resolve: () => void
  reject: (reason: Error) => void
}

interface Settle {
  resolve: (result: unknown) => void
  reject: (reason: Error) => void
}

export class SqliteLog implements Log {
  readonly file: string
  #worker: Worker
  #calls = new Map<number, Settle>()
  #lastCall = 0
  #waiting: Waiting[] = []
  #committing: Promise<void> | undefined
  #consumers = new Set<SqliteConsumer | SqliteWatcher>()
  #dead: Error | undefined
  #retention: NodeJS.Timeout
  /** Topics whose last append failed; while there are some, it is looked whether the next would. */
  #failed = new Set<string>()
  #probe: NodeJS.Timeout | undefined

  /** Rejects where another process owns the file, or it cannot be used. */
  static async open(file: string, topics: Topic[]): Promise<SqliteLog> {
    const log = new SqliteLog(file, topics)
    try {
      await log.call('ends', topics[0]?.name ?? '')
      return log
    } catch (error) {
      clearInterval(log.#retention)
      throw sqliteProblem(file, error as Error)
    }
  }

  private constructor(file: string, topics: Topic[]) {
    this.file = file
    this.#worker = new Worker(new URL('./store-worker.ts', import.meta.url), {
      workerData: { file, topics },
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    this.#worker.on('message', ({ id, result, error }) => {
      const call = this.#calls.get(id)
      this.#calls.delete(id)
      if (error === undefined) call?.resolve(result)
      else call?.reject(new Error(error))
    })
    this.#worker.on('error', (error) => this.#die(error as Error))
    this.#worker.on('exit', () => this.#die(new Error('The log is closed')))
    this.#retention = setInterval(
      () => void this.call('retain').catch(process.emitWarning),
      retainEvery,
    ).unref()
  }

  /** Not ready until a write of that size succeeds: nobody would try where a load balancer waits for `ready`. */
  #fail(topics: Iterable<string>): void {
    for (const topic of topics) this.#failed.add(topic)
    this.#probe ??= setInterval(() => void this.#look(), probeEvery).unref()
  }

  async #look(): Promise<void> {
    const problem = await this.call('probe', [...this.#failed]).catch(({ message }) => message)
    if (problem) return
    clearInterval(this.#probe)
    this.#probe = undefined
    this.#failed.clear()
  }

  #die(reason: Error): void {
    this.#dead ??= reason
    for (const call of this.#calls.values()) call.reject(reason)
    this.#calls.clear()
  }

  /** Runs a method of the store in its thread. */
  call<Method extends keyof Store>(
    method: Method,
    ...args: Parameters<Store[Method]>
  ): Promise<ReturnType<Store[Method]>> {
    if (this.#dead) return Promise.reject(this.#dead)
    const id = ++this.#lastCall
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve: resolve as Settle['resolve'], reject })
      this.#worker.postMessage({ id, method, args })
    })
  }

  append(topic: string, event: FormEvent, written?: string): Promise<void> {
    if (this.#dead) {
      return Promise.reject(
        new LogUnavailable('The log is closed', { cause: this.#dead, begun: false }),
      )
    }
    if (this.#waiting.length >= maxWaiting) {
      const message = `Expected at most ${maxWaiting} appends to wait for the log`
      return Promise.reject(new LogUnavailable(message, { begun: false }))
    }
    const { headers, body } = toMessage(event, 'ce-', written)
    const record = {
      topic,
      form: headers['ce-form'] ?? '',
      key: event.partitionkey,
      headers: JSON.stringify(headers),
      body,
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject })
      this.#committing ??= this.#commitAll()
    })
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commitNext(this.#waiting.splice(0, maxBatch))
    this.#committing = undefined
  }

  async #commitNext(batch: Waiting[]): Promise<void> {
    const topics = new Set(batch.map(({ record }) => record.topic))
    try {
      const refusals = await this.call(
        'append',
        batch.map(({ record }) => record),
      )
      for (const [index, { resolve, reject }] of batch.entries()) {
        const refusal = refusals[index]
        if (refusal === undefined) resolve()
        else reject(new LogUnavailable(refusal.reason, { begun: false }))
        // Where one form has filled its share, the others' appends succeed.
        if (refusal?.all) this.#fail([(batch[index] as Waiting).record.topic])
      }
      for (const consumer of this.#consumers) if (topics.has(consumer.topic)) consumer.wake()
    } catch (cause) {
      this.#fail(topics)
      const { message } = sqliteProblem(this.file, cause as Error)
      const failed = new LogUnavailable(`The log could not commit: ${message}`, {
        cause,
        begun: true,
      })
      for (const { reject } of batch) reject(failed)
    }
  }

  async consume(subscription: Subscription): Promise<Consumer> {
    const consumer = await this.#open(subscription)
    this.#consumers.add(consumer)
    consumer.closed.then(() => this.#consumers.delete(consumer))
    return consumer
  }

  async #open(subscription: Subscription): Promise<SqliteConsumer | SqliteWatcher> {
    const { topic, group, from } = subscription
    if (group === undefined) {
      return new SqliteWatcher(this, subscription, await this.call('positions', topic, from))
    }
    const standing = await this.call('subscribe', topic, group, from)
    return new SqliteConsumer(this, { ...subscription, group }, standing)
  }

  ready(): boolean {
    return !this.#dead && this.#failed.size === 0 && this.#waiting.length < maxWaiting
  }

  async close(): Promise<void> {
    clearInterval(this.#retention)
    clearInterval(this.#probe)
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()))
    await this.#committing
    if (this.#dead) return
    const exit = new Promise((resolve) => this.#worker.once('exit', resolve))
    await this.call('close')
    await exit
  }
}
