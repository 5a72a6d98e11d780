// Deletes records that are too old, or that fill their topic. Never those that a group has not committed.
import type { DatabaseSync } from 'node:sqlite'
import type { Topic } from '../../define-event.ts'
import { transaction } from './database.ts'
import type { Groups } from './groups.ts'
import type { Records } from './records.ts'
import type { TopicSizes } from './sizes.ts'

/** Records deleted at once, so that appends never wait long. */
const maxDeleted = 2000
/** Above this part of its size limit a topic loses its oldest records, so that it does not become full and refuse appends. */
const fillLevel = 0.9

interface Parts {
  db: DatabaseSync
  records: Records
  sizes: TopicSizes
  groups: Groups
}

export class Retention {
  #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Deletes at most `maxDeleted` records of each partition. `now`: milliseconds since 1970. */
  retain(topic: Topic, now: number): void {
    for (let partition = 0; partition < topic.partitions; partition++) {
      const { until, bytes } = this.#expired(topic, partition, now)
      if (until > 0) this.#delete({ topic: topic.name, partition, until, bytes })
    }
  }

  /** `until`: the offset after the last record to delete, or 0; `bytes`: the size of the topic without these. */
  #expired(topic: Topic, partition: number, now: number): { until: number; bytes: number } {
    const { name, retention } = topic
    const { days } = retention
    const { records, sizes } = this.#parts
    const firstKept = this.#firstKept(name, partition)
    const oldest = days === null ? 0 : now - days * 86_400_000
    let bytes = sizes.of(name)
    let until = 0
    for (const { offset, time, headers, body } of records.firsts(name, partition, maxDeleted)) {
      const tooFull = days !== null && bytes > retention.bytes * fillLevel
      if (offset >= firstKept || (time >= oldest && !tooFull)) break
      bytes -= headers.length + body.length
      until = offset + 1
    }
    return { until, bytes }
  }

  /** Records from this offset on are kept whatever their age. */
  #firstKept(topic: string, partition: number): number {
    const { records, groups } = this.#parts
    const committed = groups
      .of(topic)
      .map((group) => groups.committed(topic, group).get(partition) ?? 0)
    // The newest record is kept: after a restart the next offset is derived from it.
    return Math.min(...committed, (records.ends(topic)[partition] ?? 0) - 1)
  }

  #delete({ topic, partition, until, bytes }: Deletion): void {
    const { db, records, sizes } = this.#parts
    transaction(db, () => {
      records.deleteUntil(topic, partition, until)
      sizes.write(topic, bytes)
    })
    sizes.set(topic, bytes)
  }
}

interface Deletion {
  topic: string
  partition: number
  until: number
  bytes: number
}
