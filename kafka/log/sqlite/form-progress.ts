// How far a group has come with the records of one form, in each partition.
import { CommittableOffset } from '../committable-offset.ts'
import type { LogRecord } from '../port.ts'

interface PartitionProgress {
  committable: CommittableOffset
  /** Where to continue reading. */
  next: number
  /** The offset after the last dispatched record. */
  dispatchedUntil: number
  /** The form's offset in the table `ahead`; 0 if there is none. */
  stored: number
}

export class FormProgress {
  readonly form: string
  /** It may have records that were not read yet. */
  hasMore = false
  /** Number of records that are being handled. */
  inFlight = 0
  #firstPartition = 0
  #partitions: PartitionProgress[]

  /** `starts`: of each partition; all records of the form below are handled. */
  constructor(form: string, starts: number[]) {
    this.form = form
    this.#partitions = starts.map((next) => ({
      committable: new CommittableOffset(next),
      next,
      dispatchedUntil: 0,
      stored: 0,
    }))
  }

  /** Sets a stored offset, which is ahead of the start of the partition. */
  restore(partition: number, offset: number): void {
    this.advanceTo(partition, offset)
    Object.assign(this.#in(partition), { dispatchedUntil: offset, stored: offset })
  }

  #in(partition: number): PartitionProgress {
    return this.#partitions[partition] as PartitionProgress
  }

  get next(): number[] {
    return this.#partitions.map(({ next }) => next)
  }

  /** The partition to read first: another one each time. */
  nextFirstPartition(): number {
    return this.#firstPartition++ % this.#partitions.length
  }

  /** Number of records that a crash would deliver again, in the partition where it is largest. */
  get span(): number {
    return Math.max(...this.#partitions.map(({ committable }) => committable.span))
  }

  dispatched({ partition, offset }: LogRecord): void {
    const progress = this.#in(partition)
    progress.committable.dispatched(offset)
    progress.dispatchedUntil = offset + 1
    this.inFlight += 1
  }

  handled({ partition, offset }: LogRecord): void {
    this.#in(partition).committable.handled(offset)
  }

  /** The form has no further record to read below `next`. */
  advanceTo(partition: number, next: number): void {
    const progress = this.#in(partition)
    progress.committable.advanceTo(next)
    progress.next = Math.max(progress.next, next)
  }

  /** All records of the form below it are handled. */
  committable(partition: number): number {
    return this.#in(partition).committable.value
  }

  /** The offset to store in the table `ahead`, if it changed and is ahead of what the group commits in the partition. */
  toStore(partition: number, committed: number): number | undefined {
    const { committable, dispatchedUntil, stored } = this.#in(partition)
    const offset = Math.min(committable.value, dispatchedUntil)
    return offset > committed && offset !== stored ? offset : undefined
  }

  stored(partition: number, offset: number): void {
    this.#in(partition).stored = offset
  }

  /** Nothing is left to read or to handle, and the group's committed offsets cover the form. */
  isDone(committed: number[]): boolean {
    const covered = this.#partitions.every(
      ({ dispatchedUntil }, partition) => dispatchedUntil <= (committed[partition] as number),
    )
    return covered && !this.hasMore && this.inFlight === 0
  }
}
