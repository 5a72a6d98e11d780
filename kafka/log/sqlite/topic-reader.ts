// Reads the records of a topic for a group, form by form, as far as the dispatcher has room for them. A form that has much to
// read, or that cannot be read, does not delay the others.
import type { LogRecord, Subscription } from '../port.ts'
import { explainSqliteError } from './database.ts'
import type { SqliteDispatcher } from './dispatcher.ts'
import type { FormProgress } from './form-progress.ts'
import { toLogRecord } from './read-record.ts'
import type { StoreThread } from './store-thread.ts'
import type { TopicProgress } from './topic-progress.ts'

/** Milliseconds after a failed read. */
const retryAfter = 1000
/** Limits how many records a crash can deliver again when one of them stays open. */
const maxSpan = 100_000
const maxBytesPerRead = 2 ** 20
/** Small, so that a read delays other forms only briefly. */
const maxRecordsPerRead = 96
/** A form waits until there is room for so many records, because a query costs more than a record. */
const minRecordsPerRead = 32
/** Number of forms that are read at the same time. */
const maxForms = 32

interface Parts {
  store: Pick<StoreThread, 'call' | 'file'>
  subscription: Subscription
  progress: TopicProgress
  dispatcher: SqliteDispatcher
  /** Called when a failed read should be tried again. */
  onRetry: () => void
}

interface Found {
  records: LogRecord[]
  /** Where to continue in each partition. */
  next: number[]
}

export class TopicReader {
  #parts: Parts
  /** Forms whose last read failed, until they are tried again. */
  #failed = new Set<FormProgress>()
  #hasNews = true
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Records were appended. */
  notify(): void {
    this.#hasNews = true
  }

  close(): void {
    this.#closed = true
  }

  /** Reads from several forms and dispatches what it found. Resolves with false if no form had room. */
  async readNext(): Promise<boolean> {
    if (this.#hasNews) await this.#findForms()
    const forms = this.#nextForms()
    await Promise.all(forms.map((form) => this.#read(form)))
    return forms.length > 0
  }

  async #findForms(): Promise<void> {
    const { store, subscription, progress } = this.#parts
    this.#hasNews = false
    try {
      progress.addNews(await store.call('news', subscription.topic, progress.known))
    } catch (error) {
      this.#hasNews = true
      this.#report(error as Error)
      this.#retryLater()
    }
  }

  #nextForms(): FormProgress[] {
    const next: FormProgress[] = []
    for (const form of this.#parts.progress.waiting) {
      if (next.length === maxForms) break
      if (this.#room(form) > 0) next.push(form)
    }
    return next
  }

  #room(progress: FormProgress): number {
    const room = this.#parts.dispatcher.room(progress.form)
    const blocked = this.#failed.has(progress) || progress.span >= maxSpan
    return blocked || room < Math.min(minRecordsPerRead, progress.inFlight) ? 0 : room
  }

  async #read(progress: FormProgress): Promise<void> {
    const { dispatcher } = this.#parts
    const { form } = progress
    const limit = Math.min(maxRecordsPerRead, this.#room(progress))
    if (limit === 0) return
    dispatcher.reserve(form, limit)
    const found = await this.#query(progress, limit)
    dispatcher.release(form, limit)
    if (!found || this.#closed) return
    for (const record of found.records) dispatcher.dispatch(progress, record)
    this.#parts.progress.advance(progress, found.next)
  }

  /** Resolves with undefined, and tries the form again later, if it cannot be read. */
  async #query(progress: FormProgress, limit: number): Promise<Found | undefined> {
    const { store, subscription, progress: all } = this.#parts
    const { form, next: from } = progress
    const range = { topic: subscription.topic, form, from, until: all.known }
    const firstPartition = progress.nextFirstPartition()
    try {
      const query = { ...range, firstPartition, limit, maxBytes: maxBytesPerRead }
      const found = await store.call('readForm', query)
      const records = found.records.map((record) => toLogRecord(subscription.topic, record))
      if (this.#failed.size === 0) subscription.onProblem?.()
      return { records, next: found.next }
    } catch (error) {
      // Moves to the record that cannot be read: only that one can be skipped.
      const firsts = await store.call('firstOfForm', range).catch(() => [])
      for (const [partition, first] of firsts.entries()) progress.advanceTo(partition, first)
      this.#failed.add(progress)
      this.#report(error as Error)
      this.#retryLater(progress)
      return undefined
    }
  }

  #report(error: Error): void {
    if (this.#closed) return
    const { store, subscription, progress } = this.#parts
    const { topic, onProblem = warn } = subscription
    const { message } = explainSqliteError(store.file, error)
    const offsets = progress.known.map((_, partition) => progress.next(partition))
    onProblem(`${message}; the next offsets of ${topic} are ${offsets.join(', ')}`)
  }

  #retryLater(progress?: FormProgress): void {
    setTimeout(() => {
      if (progress) this.#failed.delete(progress)
      this.#parts.onRetry()
    }, retryAfter).unref()
  }
}

const warn = (problem?: string): void => {
  if (problem) process.emitWarning(problem)
}
