// The size of each topic in bytes and, where a topic limits the share of a form, the size of each form in it. Refuses appends that
// exceed the limit.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Topic } from '../../define-event.ts'

export const sizesSchema = `
  CREATE TABLE IF NOT EXISTS size (topic TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;
`

/** Why an append was refused. `all`: appends of other forms to the topic are refused too. */
export interface Refusal {
  reason: string
  all: boolean
}

interface Owner {
  topic: string
  form: string
}

/** Bytes by topic, and by `shareName` for each form. */
type Sizes = ReadonlyMap<string, number>

export class TopicSizes {
  #db: DatabaseSync
  #topics: Map<string, Topic>
  #bytes = new Map<string, number>()
  #resize: StatementSync

  constructor(db: DatabaseSync, topics: Topic[]) {
    this.#db = db
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
    this.#resize = db.prepare('INSERT OR REPLACE INTO size VALUES (?, ?)')
    for (const topic of topics) this.#load(topic)
  }

  #load({ name, retention }: Topic): void {
    this.#bytes.set(name, 0)
    const sizes = this.#db.prepare(`SELECT * FROM size WHERE topic = ? OR topic LIKE ? || '/%'`)
    const stored = sizes.all(name, name)
    for (const { topic, bytes } of stored) this.#bytes.set(String(topic), Number(bytes))
    // Files of older versions have no sizes of forms.
    if (retention.formShare && stored.length === 1) this.#countShares(name)
  }

  #countShares(topic: string): void {
    const counted = this.#db.prepare(
      `SELECT form, sum(length(headers) + length(body)) AS bytes FROM record WHERE topic = ? GROUP BY form`,
    )
    for (const { form, bytes } of counted.all(topic)) {
      const name = shareName(topic, String(form))
      this.#bytes.set(name, Number(bytes))
      this.#resize.run(name, Number(bytes))
    }
  }

  of(topic: string): number {
    return this.#bytes.get(topic) ?? 0
  }

  /** Why a record of this size cannot be appended. */
  refusal({ topic, form }: Owner, size: number): Refusal | undefined {
    const reason = this.topicRefusal(topic, size)
    if (reason) return { reason, all: true }
    const share = this.#shareRefusal(this.#topics.get(topic) as Topic, form, size)
    return share ? { reason: share, all: false } : undefined
  }

  /** Why no record of this size can be appended, of whatever form. */
  topicRefusal(topic: string, size: number): string | undefined {
    const declared = this.#topics.get(topic)
    if (!declared) return `Expected a declared topic, found "${topic}"`
    if (this.of(topic) + size <= declared.retention.bytes) return undefined
    return `Topic ${topic} is full: its limit is ${declared.retention.bytes} bytes`
  }

  #shareRefusal({ name, retention }: Topic, form: string, size: number): string | undefined {
    const share = (retention.formShare ?? 1) * retention.bytes
    if (this.of(shareName(name, form)) + size <= share) return undefined
    const owner = form ? `form ${form}` : 'records without a form'
    return `The share of ${owner} in topic ${name}, ${share} bytes, is full`
  }

  /** Counts an appended record, in memory only until `store`. */
  grow({ topic, form }: Owner, size: number): void {
    this.#bytes.set(topic, this.of(topic) + size)
    if (!this.#topics.get(topic)?.retention.formShare) return
    const share = shareName(topic, form)
    this.#bytes.set(share, this.of(share) + size)
  }

  copy(): Sizes {
    return new Map(this.#bytes)
  }

  /** Writes the sizes that changed since the copy. Call it within a transaction. */
  store(before: Sizes): void {
    for (const [name, size] of this.#bytes) {
      if (before.get(name) !== size) this.#resize.run(name, size)
    }
  }

  /** After a transaction with `store` that failed. */
  restore(before: Sizes): void {
    this.#bytes = new Map(before)
  }

  /** Writes the size of a topic. Call it within a transaction, and `set` once that is committed. */
  write(topic: string, bytes: number): void {
    this.#resize.run(topic, bytes)
  }

  set(topic: string, bytes: number): void {
    this.#bytes.set(topic, bytes)
  }
}

/** Key in the table of sizes. No topic name contains a slash. */
const shareName = (topic: string, form: string): string => `${topic}/${form}`
