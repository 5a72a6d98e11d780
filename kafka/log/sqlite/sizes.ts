// How many bytes each topic holds in the embedded log, and each form in a topic where it has a share; and which append is
// refused because one of them is full.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Topic } from '../../define-event.ts'

export const sizesSchema = `
  CREATE TABLE IF NOT EXISTS size (topic TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;
`

/** Why an append was refused; `all`: whatever form it is of. */
export interface Refusal {
  reason: string
  all: boolean
}

interface Place {
  topic: string
  form: string
}

/** By topic, and by `shareName`. */
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
    // A file of an older version has not counted them.
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
  refusal({ topic, form }: Place, size: number): Refusal | undefined {
    const reason = this.topicRefusal(topic, size)
    if (reason) return { reason, all: true }
    const share = this.#shareRefusal(this.#topics.get(topic) as Topic, form, size)
    return share ? { reason: share, all: false } : undefined
  }

  /** Why no record of this size can be appended, whatever form it is of. */
  topicRefusal(topic: string, size: number): string | undefined {
    const declared = this.#topics.get(topic)
    if (!declared) return `Expected a declared topic, found "${topic}"`
    if (this.of(topic) + size <= declared.retention.bytes) return undefined
    return `Topic ${topic} holds its bound of ${declared.retention.bytes} bytes`
  }

  #shareRefusal({ name, retention }: Topic, form: string, size: number): string | undefined {
    const share = (retention.formShare ?? 1) * retention.bytes
    if (this.of(shareName(name, form)) + size <= share) return undefined
    const whose = form ? `form ${form}` : 'records without a form'
    return `The share of ${whose} in topic ${name}, ${share} bytes, is full`
  }

  /** A record was appended. It is counted here only, until `store`. */
  grow({ topic, form }: Place, size: number): void {
    this.#bytes.set(topic, this.of(topic) + size)
    if (!this.#topics.get(topic)?.retention.formShare) return
    const share = shareName(topic, form)
    this.#bytes.set(share, this.of(share) + size)
  }

  copy(): Sizes {
    return new Map(this.#bytes)
  }

  /** Within a transaction: writes those that have changed since the copy was made. */
  store(before: Sizes): void {
    for (const [name, size] of this.#bytes) {
      if (before.get(name) !== size) this.#resize.run(name, size)
    }
  }

  /** The transaction was not committed. */
  restore(before: Sizes): void {
    this.#bytes = new Map(before)
  }

  /** Within a transaction: writes the size of a topic, without a change of `of`, as the transaction may fail. */
  write(topic: string, bytes: number): void {
    this.#resize.run(topic, bytes)
  }

  /** The transaction with `write` was committed. */
  set(topic: string, bytes: number): void {
    this.#bytes.set(topic, bytes)
  }
}

/** Beside the topics in the table of sizes; no topic has a slash. */
const shareName = (topic: string, form: string): string => `${topic}/${form}`
