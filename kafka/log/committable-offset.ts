// Which offset may be committed while records are settled in any order: the first that is still open.

interface Open {
  /** How many records had been handed out before. */
  before: number
  /** When it was appended. */
  time: number | undefined
}

export class Settled {
  /** In the order of their offsets. */
  #open = new Map<number, Open>()
  #handedOut = 0
  #next: number

  /** `next`: the first offset that will be handed out. */
  constructor(next: number) {
    this.#next = next
  }

  handOut(offset: number, time?: number): void {
    this.#open.set(offset, { before: this.#handedOut++, time })
    this.#next = offset + 1
  }

  /** There is nothing to hand out below `next`. */
  pass(next: number): void {
    this.#next = Math.max(this.#next, next)
  }

  settle(offset: number): void {
    this.#open.delete(offset)
  }

  /** All records below it are settled: what a group commits. */
  get committable(): number {
    const first = this.#open.keys().next()
    return first.done ? this.#next : first.value
  }

  /** Handed out since `committable`, settled or not: what a crash would hand out again. */
  get span(): number {
    const first = this.#open.values().next()
    return first.done ? 0 : this.#handedOut - first.value.before
  }

  /** When the first open record was appended, where that was said. */
  get oldest(): number | undefined {
    return this.#open.values().next().value?.time
  }
}
