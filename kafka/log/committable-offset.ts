// Tracks which offset of a partition may be committed while its records finish in any order.

interface OpenRecord {
  /** Number of records dispatched before this one. */
  before: number
  /** When it was appended, in milliseconds since 1970. */
  time: number | undefined
}

export class CommittableOffset {
  /** Records that are not handled yet, by offset, ascending. */
  #open = new Map<number, OpenRecord>()
  #dispatched = 0
  #next: number

  /** `next`: the first offset that will be dispatched. */
  constructor(next: number) {
    this.#next = next
  }

  /** Offsets must ascend. */
  dispatched(offset: number, time?: number): void {
    this.#open.set(offset, { before: this.#dispatched++, time })
    this.#next = offset + 1
  }

  handled(offset: number): void {
    this.#open.delete(offset)
  }

  /** No further record below `next` will be dispatched. */
  advanceTo(next: number): void {
    this.#next = Math.max(this.#next, next)
  }

  /** The offset to commit: all records below it are handled. */
  get value(): number {
    const first = this.#open.keys().next()
    return first.done ? this.#next : first.value
  }

  /** Number of records dispatched from `value` on, handled or not. A crash delivers these again. */
  get span(): number {
    const first = this.#open.values().next()
    return first.done ? 0 : this.#dispatched - first.value.before
  }

  /** When the first open record was appended, if known. */
  get oldest(): number | undefined {
    return this.#open.values().next().value?.time
  }
}
