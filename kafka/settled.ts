// Which offset of a partition may be committed while its records are settled in any order: the first that is still open.

export class Settled {
  #open = new Map<number, boolean>()
  #next: number

  /** `next`: the first offset that will be handed out. */
  constructor(next: number) {
    this.#next = next
  }

  handOut(offset: number): void {
    this.#open.set(offset, false)
    this.#next = offset + 1
  }

  /** There is nothing to hand out below `next`. */
  pass(next: number): void {
    this.#next = Math.max(this.#next, next)
  }

  settle(offset: number): void {
    this.#open.set(offset, true)
    for (const [first, done] of this.#open) {
      if (!done) return
      this.#open.delete(first)
    }
  }

  /** All records below it are settled: what a group commits. */
  get committable(): number {
    const first = this.#open.keys().next()
    return first.done ? this.#next : first.value
  }

  /** Handed out since `committable`, settled or not: what a crash would hand out again. */
  get span(): number {
    return this.#open.size
  }
}
