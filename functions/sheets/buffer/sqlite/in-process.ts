// Leases and call counts of a buffer that only one process uses: nothing of them has to be stored.
import type { Lease } from '../port.ts'

export class Leases {
  #held = new Map<string, { until: number }>()

  /** Undefined while somebody holds it. */
  take(key: string, ms: number): Lease | undefined {
    const held = this.#held.get(key)
    if (held && held.until > performance.now()) return undefined
    const lease = { until: performance.now() + ms }
    this.#held.set(key, lease)
    const isHeld = () => this.#held.get(key) === lease && lease.until > performance.now()
    return {
      renew: async () => {
        if (!isHeld()) return false
        lease.until = performance.now() + ms
        return true
      },
      release: async () => {
        if (isHeld()) this.#held.delete(key)
      },
    }
  }
}

const minute = 60_000

/** The calls of the last minute. */
export class CallWindow {
  #times: number[] = []

  /** Counts one call and returns 0 if there is room for it, or returns the ms to wait. `now`: ms of a clock that never goes back. */
  take(perMinute: number, now: number): number {
    this.#times = this.#times.filter((time) => time > now - minute)
    if (this.#times.length < perMinute) {
      this.#times.push(now)
      return 0
    }
    // If the limit was lowered, more than one call has to leave the window.
    const leaves = this.#times[this.#times.length - perMinute] ?? now
    return Math.max(1, Math.ceil(leaves + minute - now))
  }
}
