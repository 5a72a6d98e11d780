// What the embedded log and the people who run it are told of a group: what it commits, how much is left, where it stands.
import { expectToStandAt } from '../expect-next-record.ts'
import type { Skipped } from '../port.ts'
import type { SqliteLog } from './log.ts'
import type { Standing } from './store.ts'
import type { FormReadings } from './topic-progress.ts'

interface Group {
  topic: string
  group: string
  /** Where it began. */
  standing: Standing
}

export class SqliteProgress {
  #log: SqliteLog
  #group: Group
  #readings: FormReadings

  constructor(log: SqliteLog, group: Group, readings: FormReadings) {
    this.#log = log
    this.#group = group
    this.#readings = readings
  }

  async commit(): Promise<void> {
    const commit = this.#readings.toCommit()
    if (!commit) return
    const { topic, group } = this.#group
    await this.#log.call('commit', topic, group, commit)
    this.#readings.committed(commit)
  }

  /** How many records are not settled. */
  async lag(): Promise<number> {
    const { topic, standing } = this.#group
    const ends = await this.#log.call('ends', topic)
    const since = ends.map((end, partition) => end - (standing.ends[partition] as number))
    return since.reduce((sum, count) => sum + count, standing.left - this.#readings.settled)
  }

  oldest(): Promise<number | undefined> {
    return this.#log.call('oldest', this.#group.topic, this.#readings.committable())
  }

  async skip({ partition, offset, keep }: Skipped): Promise<void> {
    await this.#expectToStandAt(partition, offset)
    await keep()
    // Reading may have gone on meanwhile.
    await this.#expectToStandAt(partition, offset)
    this.#readings.skip(partition, offset)
  }

  async #expectToStandAt(partition: number, offset: number): Promise<void> {
    const { topic } = this.#group
    const end = (await this.#log.call('ends', topic))[partition]
    const position =
      end === undefined ? undefined : { offset: this.#readings.stands(partition), end }
    expectToStandAt(position, { topic, partition, offset })
  }
}
