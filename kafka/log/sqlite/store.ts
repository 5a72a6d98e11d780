// The embedded log on disk: one SQLite file, opened by one process, written in transactions that are flushed to the disk.
import { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { Topic } from '../../define-event.ts'
import type { Bounds, LogRecord } from '../port.ts'
import {
  addForms,
  FormIndex,
  type FormRange,
  type FormRead,
  type FormRecords,
} from './form-index.ts'
import { type Ahead, type Commit, Groups, groupsSchema } from './groups.ts'
import { Records, recordsSchema } from './records.ts'
import { Retention } from './retention.ts'
import { type Refusal, sizesSchema, TopicSizes } from './sizes.ts'
import { transaction } from './transaction.ts'

export interface Appended {
  topic: string
  form: string
  key: string
  headers: string
  body: string
}

const probeSchema = `
  CREATE TABLE IF NOT EXISTS probe (bytes BLOB);
`

/** Where a group goes on. */
export interface Standing {
  /** Of each partition; all below is settled. */
  positions: number[]
  ahead: Ahead[]
  ends: number[]
  /** Records that are not settled. */
  left: number
}

/** What `probe` asks room for. */
const probeBytes = 256 * 1024

export class Store {
  #db: DatabaseSync
  #topics: Map<string, Topic>
  #records: Records
  #sizes: TopicSizes
  #forms: FormIndex
  #groups: Groups
  #retention: Retention

  constructor(file: string, topics: Topic[]) {
    const db = new DatabaseSync(file, { timeout: 0 })
    // EXCLUSIVE: the lock lives and dies with this process, so a second owner is refused and none is left behind.
    db.exec(
      'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;',
    )
    db.exec(recordsSchema + sizesSchema + probeSchema + groupsSchema)
    addForms(db)
    this.#db = db
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
    this.#forms = new FormIndex(db, topics)
    this.#groups = new Groups(db)
    this.#records = new Records(db, topics)
    this.#sizes = new TopicSizes(db, topics)
    const [records, sizes, groups] = [this.#records, this.#sizes, this.#groups]
    this.#retention = new Retention({ db, records, sizes, groups })
  }

  /** One transaction for all. Answers, for each record, why it was refused, or undefined where it is durable. */
  append(records: Appended[]): (Refusal | undefined)[] {
    const ends = this.#records.copyEnds()
    const sizes = this.#sizes.copy()
    try {
      return transaction(this.#db, () => {
        const refusals = records.map((record) => this.#add(record))
        this.#sizes.store(sizes)
        return refusals
      })
    } catch (error) {
      this.#records.restoreEnds(ends)
      this.#sizes.restore(sizes)
      throw error
    }
  }

  #add(record: Appended): Refusal | undefined {
    const { topic, form, key, headers, body } = record
    const size = headers.length + body.length
    const refusal = this.#sizes.refusal(record, size)
    if (refusal) return refusal
    const { partitions } = this.#topics.get(topic) as Topic
    const partition = crc32(key) % partitions
    const offset = this.#records.insert({ topic, partition, headers, body })
    this.#forms.appended(topic, form, { partition, offset })
    this.#sizes.grow(record, size)
    return undefined
  }

  /** Answers why an append to these topics cannot succeed now; throws where the file cannot be written. */
  probe(topics: string[]): string | undefined {
    transaction(this.#db, () => {
      this.#db.exec('DELETE FROM probe')
      this.#db.exec(`INSERT INTO probe VALUES (randomblob(${probeBytes}))`)
    })
    return topics
      .filter((topic) => this.#topics.has(topic))
      .map((topic) => this.#sizes.topicRefusal(topic, probeBytes))
      .find(Boolean)
  }

  /** Where reading without a group begins. */
  positions(topic: string, from: 'earliest' | 'latest'): number[] {
    const ends = this.ends(topic)
    return from === 'latest' ? ends : ends.map(() => 0)
  }

  /** Registers the group: from now on retention keeps what it has not committed, also while it does not read. */
  subscribe(topic: string, group: string, from: 'earliest' | 'latest'): Standing {
    const committed = this.#groups.committed(topic, group)
    const start = this.positions(topic, from)
    const positions = start.map((offset, partition) => committed.get(partition) ?? offset)
    this.commit(topic, group, { offsets: positions, ahead: [] })
    const ahead = this.#groups.ahead(topic, group)
    const all = this.bounds(topic).reduce(
      (sum, { partition, first, next }) =>
        sum + Math.max(0, next - Math.max(first, positions[partition] as number)),
      0,
    )
    const settled = ahead.reduce((sum, { partition, form, offset }) => {
      const range = { partition, from: positions[partition] as number, until: offset }
      return sum + this.#forms.count(topic, form, range)
    }, 0)
    return { positions, ahead, ends: this.ends(topic), left: all - settled }
  }

  /** The forms that have something from these offsets on, and where the partitions end. */
  news(topic: string, since: number[]): { forms: string[]; ends: number[] } {
    return { forms: this.#forms.since(topic, since), ends: this.ends(topic) }
  }

  readForm(asked: FormRead): FormRecords {
    return this.#forms.read(asked)
  }

  /** Of each partition: where the first record of the form lies, or `until` where there is none. */
  firstOfForm({ topic, form, from, until }: FormRange): number[] {
    return from.map((start, partition) => {
      const end = until[partition] as number
      return this.#forms.first(topic, form, { partition, from: start, until: end }) ?? end
    })
  }

  /** When the oldest of the records at these offsets was appended: milliseconds since 1970. */
  oldest(topic: string, offsets: number[]): number | undefined {
    return this.#records.oldest(topic, offsets)
  }

  /** Up to `limit` records from each partition's position on, the partitions one after the other. */
  read(topic: string, positions: number[], limit: number): LogRecord[] {
    return this.#records.read(topic, positions, limit)
  }

  commit(topic: string, group: string, commit: Commit): void {
    transaction(this.#db, () => this.#groups.commit(topic, group, commit))
  }

  ends(topic: string): number[] {
    return this.#records.ends(topic)
  }

  bounds(topic: string): Bounds[] {
    return this.#records.bounds(topic)
  }

  /** Removes a piece of what is too old, or too much, of each topic. Never what a group has not committed. */
  retain(now = Date.now()): void {
    for (const topic of this.#topics.values()) this.#retention.retain(topic, now)
  }

  close(): void {
    this.#db.close()
  }
}
