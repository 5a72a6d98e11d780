// Reads the records of one form from the embedded log.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { ReadRecord } from './read-record.ts'

/** The offsets of a form from `from` up to, not including, `until`; one of each for each partition. */
export interface FormRange {
  topic: string
  form: string
  from: number[]
  until: number[]
}

export interface FormRead extends FormRange {
  /** Maximum number of records. */
  limit: number
  firstPartition: number
  /** Reading stops after the record that exceeds it. */
  maxBytes: number
}

export interface FormRecords {
  records: ReadRecord[]
  /** Where to continue in each partition: below it, no record of the form is left to read. */
  next: number[]
}

export interface OffsetRange {
  partition: number
  from: number
  until: number
}

export class FormIndex {
  #select: StatementSync
  #first: StatementSync
  #count: StatementSync

  constructor(db: DatabaseSync) {
    const range = `FROM record INDEXED BY record_by_form
      WHERE topic = ? AND partition = ? AND form = ? AND offset >= ? AND offset < ?`
    this.#select = db.prepare(`SELECT offset, headers, body ${range} ORDER BY offset LIMIT ?`)
    this.#first = db.prepare(`SELECT min(offset) AS first ${range}`)
    this.#count = db.prepare(`SELECT count(*) AS count ${range}`)
  }

  /** One partition after the other, about the same number of records from each. */
  read(range: FormRead): FormRecords {
    const { from, firstPartition, limit } = range
    const records: ReadRecord[] = []
    const next = [...from]
    const maxOfPartition = Math.ceil(limit / from.length)
    let bytesLeft = range.maxBytes
    for (let n = 0; n < from.length && bytesLeft > 0; n++) {
      const partition = (firstPartition + n) % from.length
      const max = Math.min(maxOfPartition, limit - records.length)
      const found = this.#readPartition(range, { partition, max, bytesLeft })
      records.push(...found.records)
      next[partition] = found.next
      bytesLeft = found.bytesLeft
    }
    return { records, next }
  }

  #readPartition(
    { topic, form, from, until }: FormRead,
    { partition, max, bytesLeft }: { partition: number; max: number; bytesLeft: number },
  ): { records: ReadRecord[]; next: number; bytesLeft: number } {
    const [start, end] = [from[partition] as number, until[partition] as number]
    const records: ReadRecord[] = []
    if (start >= end || max === 0) return { records, next: start, bytesLeft }
    let left = bytesLeft
    for (const row of this.#select.iterate(topic, partition, form, start, end, max)) {
      const [headers, body] = [String(row.headers), String(row.body)]
      const offset = Number(row.offset)
      records.push({ partition, offset, headers, body })
      left -= headers.length + body.length
      if (left <= 0 || records.length === max) return { records, next: offset + 1, bytesLeft: left }
    }
    return { records, next: end, bytesLeft: left }
  }

  /** Offset of the first record. Reads the index only, so it also works when the record itself is damaged. */
  first(topic: string, form: string, { partition, from, until }: OffsetRange): number | undefined {
    const row = this.#first.get(topic, partition, form, from, until)
    return row?.first === null ? undefined : Number(row?.first)
  }

  count(topic: string, form: string, { partition, from, until }: OffsetRange): number {
    return Number(this.#count.get(topic, partition, form, from, until)?.count)
  }
}
