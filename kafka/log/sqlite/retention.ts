// What leaves the embedded log: records that are too old, or too much for their topic. Never what a group has not committed.
import type { DatabaseSync } from 'node:sqlite'
import type { Topic } from '../../define-event.ts'
import type { Groups } from './groups.ts'
import type { Records } from './records.ts'
import type { TopicSizes } from './sizes.ts'
import { transaction } from './transaction.ts'

/** Old records leave in pieces of this many, so that appends never wait long. */
const retainChunk = 2000

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

  /** Removes a piece of what is to leave, from each partition. `now`: milliseconds since 1970. */
  retain(topic: Topic, now: number): void {
    for (let partition = 0; partition < topic.partitions; partition++) {
      const { until, bytes } = this.#leaving(topic, partition, now)
      if (until > 0) this.#remove({ topic: topic.name, partition, until, bytes })
    }
  }

  /** `until`: behind the last record that leaves, or 0; `bytes`: what the topic holds then. */
  #leaving(topic: Topic, partition: number, now: number): { until: number; bytes: number } {
    const { name, retention } = topic
    const { days } = retention
    const { records, sizes } = this.#parts
    const limit = this.#limit(name, partition)
    const oldest = days === null ? 0 : now - days * 86_400_000
    let bytes = sizes.of(name)
    let until = 0
    for (const { offset, time, headers, body } of records.firsts(name, partition, retainChunk)) {
      // From nine tenths of the bound on the oldest go, so that appends do not come to stand at it.
      const tooMuch = days !== null && bytes > retention.bytes * 0.9
      if (offset >= limit || (time >= oldest && !tooMuch)) break
      bytes -= headers.length + body.length
      until = offset + 1
    }
    return { until, bytes }
  }

  /** Records from this offset on stay. */
  #limit(topic: string, partition: number): number {
    const { records, groups } = this.#parts
    const held = groups.of(topic).map((group) => groups.committed(topic, group).get(partition) ?? 0)
    // The newest record stays: it keeps the offsets going on where they were after a restart.
    return Math.min(...held, (records.ends(topic)[partition] ?? 0) - 1)
  }

  #remove({ topic, partition, until, bytes }: Removal): void {
    const { db, records, sizes } = this.#parts
    transaction(db, () => {
      records.deleteUntil(topic, partition, until)
      sizes.write(topic, bytes)
    })
    sizes.set(topic, bytes)
  }
}

interface Removal {
  topic: string
  partition: number
  until: number
  bytes: number
}
