// Limits how many events of wrong forms wait at a time: each occupies a delivery slot of its task that other forms need.
import { rules } from './delivery-rules.ts'

const maxWaiting = rules.inFlight / 4
/** ms. The longest pause between two retries is 200 s: an event that stayed away longer was given up or went to another process. */
const expiry = 1.5 * rules.retries * rules.delay

export class WrongFormSlots {
  /** Event id to the time of its last delivery. */
  #lastSeen = new Map<string, number>()

  /** True if the event holds a slot now, or held one already. */
  take(id: string, now = Date.now()): boolean {
    for (const [event, seen] of this.#lastSeen) {
      if (now - seen > expiry) this.#lastSeen.delete(event)
    }
    if (!this.#lastSeen.has(id) && this.#lastSeen.size >= maxWaiting) return false
    this.#lastSeen.set(id, now)
    return true
  }

  release(id: string): void {
    this.#lastSeen.delete(id)
  }
}
