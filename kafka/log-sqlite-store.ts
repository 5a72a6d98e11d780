// The embedded log on disk: one SQLite file, opened by one process, written in transactions that are flushed to the disk.
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { Topic } from './event.ts'
import type { Bounds, LogRecord } from './log.ts'
import {
  addForms,
  FormIndex,
  type FormRange,
  type FormRead,
  type FormRecords,
} from './log-sqlite-forms.ts'
import { type Ahead, type Commit, Groups, groupsSchema } from './log-sqlite-groups.ts'

export interface Appended {
  topic: string
  form: string
  key: string
  headers: string
  body: string
}

const schema = `
  CREATE TABLE IF NOT EXISTS record (
    topic TEXT, partition INTEGER, offset INTEGER, time INTEGER, headers TEXT, body TEXT,
    PRIMARY KEY (topic, partition, offset)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS size (topic TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS probe (bytes BLOB);
`

/** Why an append was refused; `all`: whatever form it is of. */
export interface Refusal {
  reason: string
  all: boolean
}

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

/** Old records leave in pieces of this many, so that appends never wait long. */
const retainChunk = 2000

export class Store {
  #db: DatabaseSync
  #topics: Map<string, Topic>
  #next = new Map<string, number[]>()
  /** Of each topic, and of each form in a topic where it has a share, by `shareName`. */
  #bytes = new Map<string, number>()
  #forms: FormIndex
  #groups: Groups
  #insert: StatementSync
  #select: StatementSync
  #resize: StatementSync

  constructor(file: string, topics: Topic[]) {
    this.#db = new DatabaseSync(file, { timeout: 0 })
    // EXCLUSIVE: the lock lives and dies with this process, so a second owner is refused and none is left behind.
    this.#db.exec(
      'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;',
    )
    this.#db.exec(schema + groupsSchema)
    addForms(this.#db)
    this.#forms = new FormIndex(this.#db, topics)
    this.#groups = new Groups(this.#db)
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
    this.#insert = this.#db.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)')
    this.#select = this.#db.prepare(
      'SELECT offset, time, headers, body FROM record WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?',
    )
    this.#resize = this.#db.prepare('INSERT OR REPLACE INTO size VALUES (?, ?)')
    for (const topic of topics) this.#load(topic)
  }

  #load(topic: Topic): void {
    const { name, partitions } = topic
    const last = this.#db.prepare(
      'SELECT max(offset) AS last FROM record WHERE topic = ? AND partition = ?',
    )
    const next = Array.from({ length: partitions }, (_, partition) => {
      const row = last.get(name, partition) as { last: number | null }
      return row.last === null ? 0 : row.last + 1
    })
    this.#next.set(name, next)
    this.#bytes.set(name, 0)
    const sizes = this.#db.prepare(`SELECT * FROM size WHERE topic = ? OR topic LIKE ? || '/%'`)
    const stored = sizes.all(name, name)
    for (const { topic, bytes } of stored) this.#bytes.set(String(topic), Number(bytes))
    // A file of an older version has not counted them.
    if (topic.retention.formShare && stored.length === 1) this.#countShares(name)
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

  /** One transaction for all. Answers, for each record, why it was refused, or undefined where it is durable. */
  append(records: Appended[]): (Refusal | undefined)[] {
    const before = new Map([...this.#next].map(([topic, next]) => [topic, [...next]]))
    const bytes = new Map(this.#bytes)
    try {
      return this.#transaction(() => {
        const refusals = records.map((record) => this.#add(record))
        for (const [name, size] of this.#bytes) {
          if (bytes.get(name) !== size) this.#resize.run(name, size)
        }
        return refusals
      })
    } catch (error) {
      this.#next = before
      this.#bytes = bytes
      throw error
    }
  }

  #add({ topic, form, key, headers, body }: Appended): Refusal | undefined {
    const size = headers.length + body.length
    const reason = this.#refusal(topic, size)
    if (reason) return { reason, all: true }
    const declared = this.#topics.get(topic) as Topic
    const share = this.#shareRefusal(declared, form, size)
    if (share) return { reason: share, all: false }
    const { partitions } = declared
    const partition = crc32(key) % partitions
    const next = this.#next.get(topic) as number[]
    const offset = next[partition] as number
    this.#insert.run(topic, partition, offset, Date.now(), headers, body)
    next[partition] = offset + 1
    this.#forms.appended(topic, form, { partition, offset })
    this.#grow(topic, size)
    if (declared.retention.formShare) this.#grow(shareName(topic, form), size)
    return undefined
  }

  #grow(name: string, size: number): void {
    this.#bytes.set(name, (this.#bytes.get(name) ?? 0) + size)
  }

  #shareRefusal({ name, retention }: Topic, form: string, size: number): string | undefined {
    const share = (retention.formShare ?? 1) * retention.bytes
    if ((this.#bytes.get(shareName(name, form)) ?? 0) + size <= share) return undefined
    const whose = form ? `form ${form}` : 'records without a form'
    return `The share of ${whose} in topic ${name}, ${share} bytes, is full`
  }

  /** Answers why an append to these topics cannot succeed now; throws where the file cannot be written. */
  probe(topics: string[]): string | undefined {
    this.#transaction(() => {
      this.#db.exec('DELETE FROM probe')
      this.#db.exec(`INSERT INTO probe VALUES (randomblob(${probeBytes}))`)
    })
    return topics
      .filter((topic) => this.#topics.has(topic))
      .map((topic) => this.#refusal(topic, probeBytes))
      .find(Boolean)
  }

  #refusal(topic: string, size: number): string | undefined {
    const declared = this.#topics.get(topic)
    if (!declared) return `Expected a declared topic, found "${topic}"`
    if ((this.#bytes.get(topic) ?? 0) + size <= declared.retention.bytes) return undefined
    return `Topic ${topic} holds its bound of ${declared.retention.bytes} bytes`
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
    const times = offsets.flatMap((offset, partition) =>
      this.#select.all(topic, partition, offset, 1).map(({ time }) => Number(time)),
    )
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Up to `limit` records from each partition's position on, the partitions one after the other. */
  read(topic: string, positions: number[], limit: number): LogRecord[] {
    const each = Math.ceil(limit / positions.length)
    const end = this.#next.get(topic) as number[]
    return positions.flatMap((position, partition) => {
      if (position >= (end[partition] as number)) return []
      const rows = this.#select.all(topic, partition, position, each)
      return rows.map((row) => ({
        topic,
        partition,
        offset: Number(row.offset),
        headers: JSON.parse(String(row.headers)),
        body: String(row.body),
      }))
    })
  }

  commit(topic: string, group: string, commit: Commit): void {
    this.#transaction(() => this.#groups.commit(topic, group, commit))
  }

  ends(topic: string): number[] {
    return [...(this.#next.get(topic) as number[])]
  }

  bounds(topic: string): Bounds[] {
    return this.ends(topic).map((next, partition) => {
      const oldest = this.#select.get(topic, partition, 0, 1)
      return { partition, first: oldest ? Number(oldest.offset) : next, next }
    })
  }

  /** Removes a piece of what is too old, or too much, of each topic. Never what a group has not committed. */
  retain(now = Date.now()): void {
    for (const topic of this.#topics.values()) {
      for (let partition = 0; partition < topic.partitions; partition++)
        this.#retain(topic, partition, now)
    }
  }

  #retain(topic: Topic, partition: number, now: number): void {
    const { days, bytes: bound } = topic.retention
    const held = this.#groups
      .of(topic.name)
      .map((group) => this.#groups.committed(topic.name, group).get(partition) ?? 0)
    // The newest record stays: it keeps the offsets going on where they were after a restart.
    const limit = Math.min(...held, (this.#next.get(topic.name)?.[partition] ?? 0) - 1)
    const oldest = days === null ? 0 : now - days * 86_400_000
    let bytes = this.#bytes.get(topic.name) ?? 0
    let until = 0
    for (const row of this.#select.all(topic.name, partition, 0, retainChunk)) {
      // From nine tenths of the bound on the oldest go, so that appends do not come to stand at it.
      const tooMuch = days !== null && bytes > bound * 0.9
      if (Number(row.offset) >= limit || (Number(row.time) >= oldest && !tooMuch)) break
      bytes -= String(row.headers).length + String(row.body).length
      until = Number(row.offset) + 1
    }
    if (until === 0) return
    this.#transaction(() => {
      this.#db
        .prepare('DELETE FROM record WHERE topic = ? AND partition = ? AND offset < ?')
        .run(topic.name, partition, until)
      this.#resize.run(topic.name, bytes)
    })
    this.#bytes.set(topic.name, bytes)
  }

  #transaction<Result>(work: () => Result): Result {
    this.#db.exec('BEGIN')
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  close(): void {
    this.#db.close()
  }
}

/** Beside the topics in the table of sizes; no topic has a slash. */
const shareName = (topic: string, form: string): string => `${topic}/${form}`
