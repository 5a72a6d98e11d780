// Appends records to the embedded log, several in one transaction, within the size limits of their topics.
import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { Topic } from '../../define-event.ts'
import { transaction } from './database.ts'
import type { FormEnds } from './form-ends.ts'
import type { Records } from './records.ts'
import type { Refusal, TopicSizes } from './sizes.ts'

export interface NewRecord {
  topic: string
  form: string
  /** Records with the same key share a partition. */
  key: string
  /** JSON. */
  headers: string
  body: string
}

interface Parts {
  db: DatabaseSync
  topics: ReadonlyMap<string, Topic>
  records: Records
  sizes: TopicSizes
  formEnds: FormEnds
}

export const probeSchema = `
  CREATE TABLE IF NOT EXISTS probe (bytes BLOB);
`
const probeBytes = 256 * 1024

export class Appender {
  #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Returns for each record why it was refused, or undefined if it is durable. */
  append(newRecords: NewRecord[]): (Refusal | undefined)[] {
    const { db, records, sizes } = this.#parts
    const endsBefore = records.copyEnds()
    const sizesBefore = sizes.copy()
    try {
      return transaction(db, () => {
        const refusals = newRecords.map((record) => this.#add(record))
        sizes.store(sizesBefore)
        return refusals
      })
    } catch (error) {
      records.restoreEnds(endsBefore)
      sizes.restore(sizesBefore)
      throw error
    }
  }

  #add(record: NewRecord): Refusal | undefined {
    const { topics, records, sizes, formEnds } = this.#parts
    const { topic, form, key, headers, body } = record
    const size = headers.length + body.length
    const refusal = sizes.refusal(record, size)
    if (refusal) return refusal
    const { partitions } = topics.get(topic) as Topic
    const partition = crc32(key) % partitions
    const offset = records.insert({ topic, partition, headers, body })
    formEnds.add({ topic, form, partition, offset })
    sizes.grow(record, size)
    return undefined
  }

  /** Writes 256 KiB to the file as a trial; throws if that fails. Returns why one of the topics would refuse as much. */
  probe(topicNames: string[]): string | undefined {
    const { db, topics, sizes } = this.#parts
    transaction(db, () => {
      db.exec('DELETE FROM probe')
      db.exec(`INSERT INTO probe VALUES (randomblob(${probeBytes}))`)
    })
    return topicNames
      .filter((topic) => topics.has(topic))
      .map((topic) => sizes.topicRefusal(topic, probeBytes))
      .find(Boolean)
  }
}
