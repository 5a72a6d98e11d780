// How many deliveries of a form are under way at once: more as long as that makes them faster. Once this process or the task's is
// busy all the time, what is under way only waits in it, and there no form has a turn of its own.

/** Milliseconds between two steps. */
const every = 50
const fewest = 16
const busyFrom = 0.9

export class Pace {
  #most: number
  #limit: number
  #at = -every

  constructor(most: number) {
    this.#most = most
    this.#limit = Math.min(fewest, most)
  }

  /** Of one form. */
  get limit(): number {
    return this.#limit
  }

  /** `busy`: of the process that was busier lately, 0 to 1; `now`: in milliseconds. */
  step(busy: number, now: number): void {
    if (now - this.#at < every) return
    this.#at = now
    const next = busy < busyFrom ? this.#limit * 1.5 : this.#limit * 0.7
    this.#limit = Math.round(Math.min(this.#most, Math.max(Math.min(fewest, this.#most), next)))
  }
}
