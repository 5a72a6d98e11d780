// How many events of forms that are wrong may wait at a time: each holds a slot of its task that other forms need.

/** Of the hundred that a source has under way. */
const most = 25
/** A source comes again within 200 seconds: what did not has been given up, or goes to another process. */
const longest = 300_000

export class Waiting {
  /** Event id to when it came last. */
  #events = new Map<string, number>()

  /** True where the event may come again: it waits already, or there is room. */
  admit(id: string, now = Date.now()): boolean {
    for (const [event, came] of this.#events) {
      if (now - came > longest) this.#events.delete(event)
    }
    if (!this.#events.has(id) && this.#events.size >= most) return false
    this.#events.set(id, now)
    return true
  }

  done(id: string): void {
    this.#events.delete(id)
  }
}
