// Finds the records of one form in the embedded log, by an index; and knows which forms have something new, without a look at it.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Topic } from '../../define-event.ts'
import type { LogRecord } from '../port.ts'

/** What SQLite sees as the form of a record. Nothing of it is stored but the index. */
const column = `coalesce(headers ->> 'ce-form', '')`
/** From so many records on it takes seconds, so it is said. */
const many = 500_000

/** A file of an older version has no index yet: it is made once, about 4 seconds for a million records. */
export function addForms(db: DatabaseSync): void {
  const columns = db.prepare(`SELECT name FROM pragma_table_xinfo('record')`).all()
  if (columns.some(({ name }) => name === 'form')) return
  const { count } = db.prepare('SELECT count(*) AS count FROM record').get() as { count: number }
  if (count > many) process.emitWarning(`The log makes its index by form, of ${count} records`)
  // All or nothing: an interrupted start makes it again.
  db.exec(`
    BEGIN;
    ALTER TABLE record ADD COLUMN form TEXT GENERATED ALWAYS AS (${column}) VIRTUAL;
    CREATE INDEX record_by_form ON record (topic, partition, form, offset);
    COMMIT;
  `)
}

export interface FormRange {
  topic: string
  form: string
  /** Of each partition: from this offset, to before that one. */
  from: number[]
  until: number[]
}

export interface FormRead extends FormRange {
  limit: number
  /** The partition that is read first. */
  first: number
  /** Reading ends with the record that passes it. */
  bytes: number
}

export interface FormRecords {
  records: LogRecord[]
  /** Of each partition: nothing of the form is left below it. */
  next: number[]
}

export class FormIndex {
  #select: StatementSync
  #first: StatementSync
  #count: StatementSync
  /** For each topic and form: behind the last record of each partition. */
  #ends = new Map<string, Map<string, number[]>>()

  constructor(db: DatabaseSync, topics: Topic[]) {
    const range = `FROM record INDEXED BY record_by_form
      WHERE topic = ? AND partition = ? AND form = ? AND offset >= ? AND offset < ?`
    this.#select = db.prepare(`SELECT offset, headers, body ${range} ORDER BY offset LIMIT ?`)
    this.#first = db.prepare(`SELECT min(offset) AS first ${range}`)
    this.#count = db.prepare(`SELECT count(*) AS count ${range}`)
    for (const { name, partitions } of topics) {
      this.#ends.set(name, new Map())
      for (let partition = 0; partition < partitions; partition++) this.#load(db, name, partition)
    }
  }

  /** One look for each form, however many records it has. */
  #load(db: DatabaseSync, topic: string, partition: number): void {
    const here = 'FROM record INDEXED BY record_by_form WHERE topic = ?1 AND partition = ?2'
    const last = db.prepare(`
      WITH RECURSIVE one (form) AS (
        SELECT min(form) ${here}
        UNION ALL
        SELECT (SELECT min(form) ${here} AND form > one.form) FROM one WHERE form IS NOT NULL
      )
      SELECT form, (SELECT max(offset) ${here} AND form = one.form) AS last
      FROM one WHERE form IS NOT NULL`)
    for (const row of last.all(topic, partition)) {
      this.appended(topic, String(row.form), { partition, offset: Number(row.last) })
    }
  }

  appended(topic: string, form: string, { partition, offset }: Place): void {
    const forms = this.#ends.get(topic) as Map<string, number[]>
    const ends = forms.get(form) ?? []
    ends[partition] = offset + 1
    forms.set(form, ends)
  }

  /** Those that have a record at these offsets or behind them. */
  since(topic: string, offsets: number[]): string[] {
    const forms = [...(this.#ends.get(topic) as Map<string, number[]>)]
    const isNew = (end: number | undefined, partition: number) =>
      end !== undefined && end > (offsets[partition] ?? 0)
    return forms.filter(([, ends]) => ends.some(isNew)).map(([form]) => form)
  }

  /** The partitions one after the other. */
  read(asked: FormRead): FormRecords {
    const { from, first, limit } = asked
    const records: LogRecord[] = []
    const next = [...from]
    const each = Math.ceil(limit / from.length)
    let left = asked.bytes
    for (let n = 0; n < from.length && left > 0; n++) {
      const partition = (first + n) % from.length
      const most = Math.min(each, limit - records.length)
      const found = this.#readPartition(asked, { partition, most, bytes: left })
      records.push(...found.records)
      next[partition] = found.next
      left = found.left
    }
    return { records, next }
  }

  #readPartition(
    { topic, form, from, until }: FormRead,
    { partition, most, bytes }: { partition: number; most: number; bytes: number },
  ): { records: LogRecord[]; next: number; left: number } {
    const [start, end] = [from[partition] as number, until[partition] as number]
    const records: LogRecord[] = []
    if (start >= end || most === 0) return { records, next: start, left: bytes }
    let left = bytes
    for (const row of this.#select.iterate(topic, partition, form, start, end, most)) {
      const [headers, body] = [String(row.headers), String(row.body)]
      const offset = Number(row.offset)
      records.push({ topic, partition, offset, headers: JSON.parse(headers), body })
      left -= headers.length + body.length
      if (left <= 0 || records.length === most) return { records, next: offset + 1, left }
    }
    return { records, next: end, left }
  }

  /** The offset of its first record, told by the index alone. */
  first(topic: string, form: string, range: Range): number | undefined {
    const { partition, from, until } = range
    const row = this.#first.get(topic, partition, form, from, until)
    return row?.first === null ? undefined : Number(row?.first)
  }

  count(topic: string, form: string, { partition, from, until }: Range): number {
    return Number(this.#count.get(topic, partition, form, from, until)?.count)
  }
}

interface Place {
  partition: number
  offset: number
}

export interface Range {
  partition: number
  from: number
  until: number
}
