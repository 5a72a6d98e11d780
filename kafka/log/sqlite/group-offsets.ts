// The offsets of a group: commits them, and answers the questions of operators (lag, oldest record, skip).
import { expectNextRecord } from '../expect-next-record.ts'
import type { SkippedRecord } from '../port.ts'
import type { GroupStart } from './groups.ts'
import type { StoreThread } from './store-thread.ts'
import type { TopicProgress } from './topic-progress.ts'

interface Group {
  topic: string
  group: string
  start: GroupStart
}

export class GroupOffsets {
  #store: Pick<StoreThread, 'call'>
  #group: Group
  #progress: TopicProgress

  constructor(store: Pick<StoreThread, 'call'>, group: Group, progress: TopicProgress) {
    this.#store = store
    this.#group = group
    this.#progress = progress
  }

  async commit(): Promise<void> {
    const commit = this.#progress.toCommit()
    if (!commit) return
    const { topic, group } = this.#group
    await this.#store.call('commit', topic, group, commit)
    this.#progress.committed(commit)
  }

  /** Number of records that are not handled. */
  async lag(): Promise<number> {
    const { topic, start } = this.#group
    const ends = await this.#store.call('ends', topic)
    const appended = ends.map((end, partition) => end - (start.ends[partition] as number))
    return appended.reduce(
      (sum, count) => sum + count,
      start.remaining - this.#progress.handledCount,
    )
  }

  oldest(): Promise<number | undefined> {
    return this.#store.call('oldest', this.#group.topic, this.#progress.committable())
  }

  async skip({ partition, offset, keep }: SkippedRecord): Promise<void> {
    await this.#expectNext(partition, offset)
    await keep()
    // Reading may have continued meanwhile.
    await this.#expectNext(partition, offset)
    this.#progress.skip(partition, offset)
  }

  async #expectNext(partition: number, offset: number): Promise<void> {
    const { topic } = this.#group
    const end = (await this.#store.call('ends', topic))[partition]
    const position = end === undefined ? undefined : { offset: this.#progress.next(partition), end }
    expectNextRecord(position, { topic, partition, offset })
  }
}
