// The embedded log on disk: one SQLite file, opened by one process, written in transactions that are flushed to the disk.
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { Topic } from './event.ts'
import type { Bounds, LogRecord } from './log.ts'

export interface Appended {
  topic: string
  key: string
  headers: string
  body: string
}

const schema = `
  CREATE TABLE IF NOT EXISTS record (
    topic TEXT, partition INTEGER, offset INTEGER, time INTEGER, headers TEXT, body TEXT,
    PRIMARY KEY (topic, partition, offset)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS committed (
    topic TEXT, "group" TEXT, partition INTEGER, offset INTEGER,
    PRIMARY KEY (topic, "group", partition)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS size (topic TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS probe (bytes BLOB);
`

/** What `probe` asks room for. */
const probeBytes = 256 * 1024

/** Old records leave in pieces of this many, so that appends never wait long. */
const retainChunk = 2000

export class Store {
  #db: DatabaseSync
  #topics: Map<string, Topic>
  #next = new Map<string, number[]>()
  #bytes = new Map<string, number>()
  #groups = new Map<string, Set<string>>()
  #insert: StatementSync
  #select: StatementSync
  #commit: StatementSync
  #resize: StatementSync

  constructor(file: string, topics: Topic[]) {
    this.#db = new DatabaseSync(file, { timeout: 0 })
    // EXCLUSIVE: the lock lives and dies with this process, so a second owner is refused and none is left behind.
    this.#db.exec(
      'PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;',
    )
    this.#db.exec(schema)
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
    this.#insert = this.#db.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)')
    this.#select = this.#db.prepare(
      'SELECT * FROM record WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?',
    )
    this.#commit = this.#db.prepare('INSERT OR REPLACE INTO committed VALUES (?, ?, ?, ?)')
    this.#resize = this.#db.prepare('INSERT OR REPLACE INTO size VALUES (?, ?)')
    for (const topic of topics) this.#load(topic)
  }

  #load({ name, partitions }: Topic): void {
    const last = this.#db.prepare(
      'SELECT max(offset) AS last FROM record WHERE topic = ? AND partition = ?',
    )
    const next = Array.from({ length: partitions }, (_, partition) => {
      const row = last.get(name, partition) as { last: number | null }
      return row.last === null ? 0 : row.last + 1
    })
    const size = this.#db.prepare('SELECT bytes FROM size WHERE topic = ?').get(name)
    this.#next.set(name, next)
    this.#bytes.set(name, Number(size?.bytes ?? 0))
  }

  /** One transaction for all. Answers, for each record, why it was refused, or undefined where it is durable. */
  append(records: Appended[]): (string | undefined)[] {
    const before = new Map([...this.#next].map(([topic, next]) => [topic, [...next]]))
    const bytes = new Map(this.#bytes)
    try {
      return this.#transaction(() => {
        const refusals = records.map((record) => this.#add(record))
        for (const topic of new Set(records.map((record) => record.topic))) {
          this.#resize.run(topic, this.#bytes.get(topic) ?? 0)
        }
        return refusals
      })
    } catch (error) {
      this.#next = before
      this.#bytes = bytes
      throw error
    }
  }

  #add({ topic, key, headers, body }: Appended): string | undefined {
    const size = headers.length + body.length
    const refusal = this.#refusal(topic, size)
    if (refusal) return refusal
    const bytes = (this.#bytes.get(topic) ?? 0) + size
    const { partitions } = this.#topics.get(topic) as Topic
    const partition = crc32(key) % partitions
    const next = this.#next.get(topic) as number[]
    const offset = next[partition] as number
    this.#insert.run(topic, partition, offset, Date.now(), headers, body)
    next[partition] = offset + 1
    this.#bytes.set(topic, bytes)
    return undefined
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

  /** Registers the group: retention keeps what it has not committed. Answers where each partition goes on. */
  subscribe(topic: string, group: string | undefined, from: 'earliest' | 'latest'): number[] {
    const next = this.#next.get(topic)
    if (!next) throw new Error(`Expected a declared topic, found "${topic}"`)
    if (group) this.#groups.set(topic, (this.#groups.get(topic) ?? new Set()).add(group))
    const committed = this.#committed(topic, group)
    return next.map((end, partition) => committed.get(partition) ?? (from === 'latest' ? end : 0))
  }

  #committed(topic: string, group: string | undefined): Map<number, number> {
    if (!group) return new Map()
    const rows = this.#db
      .prepare('SELECT partition, offset FROM committed WHERE topic = ? AND "group" = ?')
      .all(topic, group)
    return new Map(rows.map((row) => [Number(row.partition), Number(row.offset)]))
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

  commit(topic: string, group: string, offsets: number[]): void {
    this.#transaction(() => {
      for (const [partition, offset] of offsets.entries())
        this.#commit.run(topic, group, partition, offset)
    })
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

  /** Removes a piece of what is too old, or too much, of each topic. Never what a subscribed group has not committed. */
  retain(now = Date.now()): void {
    for (const topic of this.#topics.values()) {
      for (let partition = 0; partition < topic.partitions; partition++)
        this.#retain(topic, partition, now)
    }
  }

  #retain(topic: Topic, partition: number, now: number): void {
    const { days, bytes: bound } = topic.retention
    const held = [...(this.#groups.get(topic.name) ?? [])].map(
      (group) => this.#committed(topic.name, group).get(partition) ?? 0,
    )
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
