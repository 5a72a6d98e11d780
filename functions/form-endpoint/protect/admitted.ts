// The submissions that have passed the checks. A repeat of one is not counted again and needs no new captcha: an answer that was
// lost, or a 503 of the log, is followed by a repeat with the same key and answers.

const maxIds = 10_000
/** A repeat is appended again, so they must end some time. */
const maxRepeats = 10

export class Admitted {
  /** Number of repeats by id, the oldest id first. */
  #repeats = new Map<string, number>()

  add(id: string): void {
    this.#repeats.delete(id)
    this.#repeats.set(id, 0)
    if (this.#repeats.size <= maxIds) return
    const [oldest] = this.#repeats.keys()
    this.#repeats.delete(oldest as string)
  }

  /** True a limited number of times for each id. */
  isRepeat(id: string): boolean {
    const repeats = this.#repeats.get(id)
    if (repeats === undefined || repeats >= maxRepeats) return false
    this.#repeats.set(id, repeats + 1)
    return true
  }
}
