// The embedded log on disk: one SQLite file that one process owns. Runs in a worker thread (store-worker.ts); other threads
// call these methods through `StoreThread`, so their arguments and results must be cloneable.
import type { DatabaseSync } from 'node:sqlite'
import type { Topic } from '../../define-event.ts'
import type { Bounds } from '../port.ts'
import { Appender, type NewRecord, probeSchema } from './appender.ts'
import { openDatabase, transaction } from './database.ts'
import { addFormColumn } from './form-column.ts'
import { FormEnds } from './form-ends.ts'
import { FormIndex, type FormRange, type FormRead, type FormRecords } from './form-index.ts'
import { type Commit, type GroupStart, Groups, groupsSchema } from './groups.ts'
import type { ReadRecord } from './read-record.ts'
import { Records, recordsSchema } from './records.ts'
import { Retention } from './retention.ts'
import { type Refusal, sizesSchema, TopicSizes } from './sizes.ts'

export class Store {
  #db: DatabaseSync
  #topics: ReadonlyMap<string, Topic>
  #records: Records
  #formEnds: FormEnds
  #formIndex: FormIndex
  #groups: Groups
  #appender: Appender
  #retention: Retention

  /** `maxBytes`: limit of the whole file. */
  constructor(file: string, topics: Topic[], maxBytes?: number) {
    const schema = recordsSchema + sizesSchema + probeSchema + groupsSchema
    const db = openDatabase(file, schema, { maxBytes })
    addFormColumn(db)
    this.#db = db
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
    this.#records = new Records(db, topics)
    this.#formEnds = new FormEnds(db, topics)
    this.#formIndex = new FormIndex(db)
    this.#groups = new Groups(db)
    const parts = { db, records: this.#records, sizes: new TopicSizes(db, topics) }
    this.#appender = new Appender({ ...parts, topics: this.#topics, formEnds: this.#formEnds })
    this.#retention = new Retention({ ...parts, groups: this.#groups })
  }

  /** In one transaction. Returns for each record why it was refused, or undefined if it is durable. */
  append(records: NewRecord[]): (Refusal | undefined)[] {
    return this.#appender.append(records)
  }

  /** Returns why an append to these topics cannot succeed now; throws if the file cannot be written. */
  probe(topics: string[]): string | undefined {
    return this.#appender.probe(topics)
  }

  /** Where reading without a group starts. */
  positions(topic: string, from: 'earliest' | 'latest'): number[] {
    const ends = this.ends(topic)
    return from === 'latest' ? ends : ends.map(() => 0)
  }

  /** Registers the group: from now on retention keeps what it has not committed, even while it does not read. */
  subscribe(topic: string, group: string, from: 'earliest' | 'latest'): GroupStart {
    const committed = this.#groups.committed(topic, group)
    const start = this.positions(topic, from)
    const positions = start.map((offset, partition) => committed.get(partition) ?? offset)
    this.commit(topic, group, { offsets: positions, ahead: [] })
    const ahead = this.#groups.ahead(topic, group)
    const uncommitted = this.bounds(topic).reduce(
      (sum, { partition, first, next }) =>
        sum + Math.max(0, next - Math.max(first, positions[partition] as number)),
      0,
    )
    const handled = ahead.reduce((sum, { partition, form, offset }) => {
      const range = { partition, from: positions[partition] as number, until: offset }
      return sum + this.#formIndex.count(topic, form, range)
    }, 0)
    return { positions, ahead, ends: this.ends(topic), remaining: uncommitted - handled }
  }

  /** The forms with records at or after these offsets, and the ends of the partitions. */
  news(topic: string, since: number[]): { forms: string[]; ends: number[] } {
    return { forms: this.#formEnds.since(topic, since), ends: this.ends(topic) }
  }

  readForm(range: FormRead): FormRecords {
    return this.#formIndex.read(range)
  }

  /** In each partition, the offset of the form's first record, or `until` if there is none. */
  firstOfForm({ topic, form, from, until }: FormRange): number[] {
    return from.map((start, partition) => {
      const end = until[partition] as number
      return this.#formIndex.first(topic, form, { partition, from: start, until: end }) ?? end
    })
  }

  /** When the oldest of the records at these offsets was appended, in milliseconds since 1970. */
  oldest(topic: string, offsets: number[]): number | undefined {
    return this.#records.oldest(topic, offsets)
  }

  /** About `limit` records from the positions on, one partition after the other. */
  read(topic: string, positions: number[], limit: number): ReadRecord[] {
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

  /** Deletes some of the records that are too old or too many, never what a group has not committed. */
  retain(now = Date.now()): void {
    for (const topic of this.#topics.values()) this.#retention.retain(topic, now)
  }

  close(): void {
    this.#db.close()
  }
}
