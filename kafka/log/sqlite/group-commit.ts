// Group commit: appends that arrive while a transaction is being committed share the next one.
import { LogUnavailable, maxWaiting } from '../port.ts'
import type { NewRecord } from './appender.ts'
import { explainSqliteError } from './database.ts'
import type { StoreThread } from './store-thread.ts'

interface PendingAppend {
  record: NewRecord
  resolve: () => void
  reject: (reason: Error) => void
}

/** Records of one transaction, so that a commit takes milliseconds. */
const maxBatch = 1000
/** Milliseconds between two checks whether appends would succeed again. */
const probeEvery = 2000

export class GroupCommit {
  #store: StoreThread
  #onCommit: (topics: ReadonlySet<string>) => void
  #pending: PendingAppend[] = []
  #committing: Promise<void> | undefined
  /** Topics whose last append failed. */
  #failed = new Set<string>()
  #probe: NodeJS.Timeout | undefined

  /** `onCommit`: called with the topics of each transaction. */
  constructor(store: StoreThread, onCommit: (topics: ReadonlySet<string>) => void) {
    this.#store = store
    this.#onCommit = onCommit
  }

  /** Why no append is taken now. */
  refusal(): LogUnavailable | undefined {
    const { ended } = this.#store
    if (ended) return refused('The log is closed', ended)
    if (this.#pending.length < maxWaiting) return undefined
    return refused(`Expected at most ${maxWaiting} pending appends to the log`)
  }

  append(record: NewRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ record, resolve, reject })
      this.#committing ??= this.#commitAll()
    })
  }

  async #commitAll(): Promise<void> {
    while (this.#pending.length > 0) await this.#commit(this.#pending.splice(0, maxBatch))
    this.#committing = undefined
  }

  async #commit(batch: PendingAppend[]): Promise<void> {
    const records = batch.map(({ record }) => record)
    const topics = new Set(records.map(({ topic }) => topic))
    try {
      const refusals = await this.#store.call('append', records)
      for (const [index, { record, resolve, reject }] of batch.entries()) {
        const refusal = refusals[index]
        if (refusal === undefined) resolve()
        else reject(refused(refusal.reason))
        // If only one form has filled its share, appends of the others succeed.
        if (refusal?.all) this.#fail([record.topic])
      }
      this.#onCommit(topics)
    } catch (cause) {
      this.#fail(topics)
      const { message } = explainSqliteError(this.#store.file, cause as Error)
      const options = { cause, begun: true }
      const error = new LogUnavailable(`The log could not commit: ${message}`, options)
      for (const { reject } of batch) reject(error)
    }
  }

  /** Without the probe the log would stay unready: a load balancer sends no requests, so no append would try again. */
  #fail(topics: Iterable<string>): void {
    for (const topic of topics) this.#failed.add(topic)
    this.#probe ??= setInterval(() => void this.#check(), probeEvery).unref()
  }

  async #check(): Promise<void> {
    const topics = [...this.#failed]
    const problem = await this.#store.call('probe', topics).catch(({ message }) => message)
    if (problem) return
    clearInterval(this.#probe)
    this.#probe = undefined
    this.#failed.clear()
  }

  /** False while appends cannot succeed. */
  ready(): boolean {
    return this.#failed.size === 0 && !this.refusal()
  }

  /** Stops the probe. */
  stop(): void {
    clearInterval(this.#probe)
  }

  /** Resolves when no append is pending. */
  async idle(): Promise<void> {
    await this.#committing
  }
}

const refused = (message: string, cause?: Error): LogUnavailable =>
  new LogUnavailable(message, { begun: false, ...(cause && { cause }) })
