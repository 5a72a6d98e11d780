// The table of records, by topic, partition and offset, and the next offset of each partition.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Topic } from '../../define-event.ts'
import type { Bounds } from '../port.ts'
import type { ReadRecord } from './read-record.ts'

export const recordsSchema = `
  CREATE TABLE IF NOT EXISTS record (
    topic TEXT, partition INTEGER, offset INTEGER, time INTEGER, headers TEXT, body TEXT,
    PRIMARY KEY (topic, partition, offset)
  ) WITHOUT ROWID;
`

interface RecordToInsert {
  topic: string
  partition: number
  headers: string
  body: string
}

interface StoredRecord {
  offset: number
  /** When it was appended, in milliseconds since 1970. */
  time: number
  headers: string
  body: string
}

/** Of one read, in characters: less than a small container has, however large the records are. */
const maxCharactersPerRead = 8 * 2 ** 20

/** Topic → the next offset of each partition. */
type Ends = ReadonlyMap<string, number[]>

export class Records {
  #db: DatabaseSync
  #next = new Map<string, number[]>()
  #insert: StatementSync
  #select: StatementSync

  constructor(db: DatabaseSync, topics: Topic[]) {
    this.#db = db
    this.#insert = db.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)')
    this.#select = db.prepare(
      'SELECT offset, time, headers, body FROM record WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?',
    )
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
    this.#next.set(name, next)
  }

  /** Returns the record's offset. */
  insert({ topic, partition, headers, body }: RecordToInsert): number {
    const next = this.#next.get(topic) as number[]
    const offset = next[partition] as number
    this.#insert.run(topic, partition, offset, Date.now(), headers, body)
    next[partition] = offset + 1
    return offset
  }

  copyEnds(): Ends {
    return new Map([...this.#next].map(([topic, next]) => [topic, [...next]]))
  }

  /** After a transaction with `insert` that failed. */
  restoreEnds(before: Ends): void {
    this.#next = new Map(before)
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

  /** When the oldest of the records at these offsets was appended, in milliseconds since 1970. */
  oldest(topic: string, offsets: number[]): number | undefined {
    const times = offsets.flatMap((offset, partition) =>
      this.#select.all(topic, partition, offset, 1).map(({ time }) => Number(time)),
    )
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** About `limit` records from the positions on, fewer if they are large; one partition after the other, as many from each. */
  read(topic: string, positions: number[], limit: number): ReadRecord[] {
    const most = {
      records: Math.ceil(limit / positions.length),
      characters: maxCharactersPerRead / positions.length,
    }
    const end = this.#next.get(topic) as number[]
    return positions.flatMap((offset, partition) =>
      offset < (end[partition] as number)
        ? this.#readPartition(topic, { partition, offset }, most)
        : [],
    )
  }

  /** At least one record. */
  #readPartition(
    topic: string,
    { partition, offset }: { partition: number; offset: number },
    most: { records: number; characters: number },
  ): ReadRecord[] {
    const found: ReadRecord[] = []
    let characters = 0
    for (const row of this.#select.iterate(topic, partition, offset, most.records)) {
      const { time, ...record } = toStored(row)
      found.push({ partition, ...record })
      characters += record.headers.length + record.body.length
      if (characters > most.characters) break
    }
    return found
  }

  /** The oldest records of a partition, oldest first; one at a time is in memory. */
  *firsts(topic: string, partition: number, limit: number): Generator<StoredRecord> {
    for (const row of this.#select.iterate(topic, partition, 0, limit)) yield toStored(row)
  }

  /** Deletes the records before the offset. */
  deleteUntil(topic: string, partition: number, offset: number): void {
    this.#db
      .prepare('DELETE FROM record WHERE topic = ? AND partition = ? AND offset < ?')
      .run(topic, partition, offset)
  }
}

const toStored = ({ offset, time, headers, body }: Record<string, unknown>): StoredRecord => ({
  offset: Number(offset),
  time: Number(time),
  headers: String(headers),
  body: String(body),
})
