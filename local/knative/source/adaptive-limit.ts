// Number of simultaneous deliveries per form, adapted to the load (multiplicative increase and decrease). Beyond the point where
// this process or the task's is busy, more deliveries only queue up in that process, where forms no longer take turns.

const adjustInterval = 50
const minLimit = 16
const busyThreshold = 0.9

export class AdaptiveLimit {
  #max: number
  #min: number
  #limit: number
  #adjustedAt = -adjustInterval

  constructor(max: number) {
    this.#max = max
    this.#min = Math.min(minLimit, max)
    this.#limit = this.#min
  }

  get value(): number {
    return this.#limit
  }

  /** `busy`: utilization of the busier of the two processes, 0 to 1. `now`: milliseconds. */
  adjust(busy: number, now: number): void {
    if (now - this.#adjustedAt < adjustInterval) return
    this.#adjustedAt = now
    const next = this.#limit * (busy < busyThreshold ? 1.5 : 0.7)
    this.#limit = Math.round(Math.min(this.#max, Math.max(this.#min, next)))
  }
}
