// The offsets of the partitions that a group member reads: what may be committed, and what was.
import { CommittableOffset } from '../committable-offset.ts'

export class PartitionOffsets {
  #partitions = new Map<number, CommittableOffset>()
  #committed = new Map<number, number>()

  /** `start`: where the partition starts if nothing of it was dispatched yet. */
  of(partition: number, start: number): CommittableOffset {
    const known = this.#partitions.get(partition)
    if (known) return known
    const offset = new CommittableOffset(start)
    this.#partitions.set(partition, offset)
    return offset
  }

  /** All records below it are handled; undefined if nothing of the partition was dispatched. */
  committable(partition: number): number | undefined {
    return this.#partitions.get(partition)?.value
  }

  /** When the oldest open record was appended, in milliseconds since 1970. */
  get oldest(): number | undefined {
    const times = [...this.#partitions.values()].flatMap(({ oldest }) => oldest ?? [])
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Partition → offset, for those that changed since the last commit. */
  toCommit(): ReadonlyMap<number, number> {
    const offsets = [...this.#partitions].map(
      ([partition, { value }]) => [partition, value] as const,
    )
    return new Map(
      offsets.filter(([partition, offset]) => this.#committed.get(partition) !== offset),
    )
  }

  committed(offsets: ReadonlyMap<number, number>): void {
    for (const [partition, offset] of offsets) this.#committed.set(partition, offset)
  }
}
