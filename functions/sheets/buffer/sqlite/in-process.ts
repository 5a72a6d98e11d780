// How many calls there were in the last minute, for one process alone.

const minute = 60_000

export class CallWindow {
  #times: number[] = []

  /** 0 where one more fits, which it then counts; else milliseconds until it might. `now`: of a clock that never goes back. */
  take(most: number, now: number): number {
    this.#times = this.#times.filter((time) => time > now - minute)
    if (this.#times.length < most) {
      this.#times.push(now)
      return 0
    }
    // Where fewer are allowed than before, more than one has to leave.
    const leaves = this.#times[this.#times.length - most] ?? now
    return Math.max(1, Math.ceil(leaves + minute - now))
  }
}
