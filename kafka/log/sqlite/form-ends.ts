// The end of each form in each partition, in memory: tells which forms have new records without a query.
import type { DatabaseSync } from 'node:sqlite'
import type { Topic } from '../../define-event.ts'

interface AppendedRecord {
  topic: string
  form: string
  partition: number
  offset: number
}

export class FormEnds {
  /** Topic → form → by partition, the offset after the form's last record. */
  #ends = new Map<string, Map<string, number[]>>()

  constructor(db: DatabaseSync, topics: Topic[]) {
    for (const { name, partitions } of topics) {
      this.#ends.set(name, new Map())
      for (let partition = 0; partition < partitions; partition++) this.#load(db, name, partition)
    }
  }

  /** Two index look-ups a form, however many records it has. */
  #load(db: DatabaseSync, topic: string, partition: number): void {
    const records = 'FROM record INDEXED BY record_by_form WHERE topic = ?1 AND partition = ?2'
    const last = db.prepare(`
      WITH RECURSIVE one (form) AS (
        SELECT min(form) ${records}
        UNION ALL
        SELECT (SELECT min(form) ${records} AND form > one.form) FROM one WHERE form IS NOT NULL
      )
      SELECT form, (SELECT max(offset) ${records} AND form = one.form) AS last
      FROM one WHERE form IS NOT NULL`)
    for (const row of last.all(topic, partition)) {
      this.add({ topic, form: String(row.form), partition, offset: Number(row.last) })
    }
  }

  /** Also called for records whose transaction fails afterwards: then a reader looks once and finds nothing. */
  add({ topic, form, partition, offset }: AppendedRecord): void {
    const forms = this.#ends.get(topic) as Map<string, number[]>
    const ends = forms.get(form) ?? []
    ends[partition] = offset + 1
    forms.set(form, ends)
  }

  /** Forms with a record at or after these offsets, one for each partition. */
  since(topic: string, offsets: number[]): string[] {
    const forms = [...(this.#ends.get(topic) as Map<string, number[]>)]
    const isNew = (end: number | undefined, partition: number) =>
      end !== undefined && end > (offsets[partition] ?? 0)
    return forms.filter(([, ends]) => ends.some(isNew)).map(([form]) => form)
  }
}
