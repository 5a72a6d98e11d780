// A check that a submission passes once. A repeat is not counted again and needs no new captcha: an answer that was lost, or a 503
// of the log, is followed by a repeat with the same key and answers.

const maxIds = 10_000
/** A repeat is appended again, so they must end some time. */
const maxRepeats = 10

interface Pass {
  result: Promise<void>
  repeats: number
}

export class Passed {
  /** By the id of the submission, the oldest first. */
  #passes = new Map<string, Pass>()

  /** Runs the check, unless the submission has passed it. Requests that come meanwhile share its result. Rejects as the check does. */
  async once(id: string, check: () => Promise<void>): Promise<void> {
    const known = this.#passes.get(id)
    if (known && known.repeats < maxRepeats) {
      known.repeats += 1
      return known.result
    }
    const pass = { result: check(), repeats: 0 }
    this.#keep(id, pass)
    try {
      await pass.result
    } catch (error) {
      if (this.#passes.get(id) === pass) this.#passes.delete(id)
      throw error
    }
  }

  #keep(id: string, pass: Pass): void {
    this.#passes.delete(id)
    this.#passes.set(id, pass)
    if (this.#passes.size <= maxIds) return
    const [oldest] = this.#passes.keys()
    this.#passes.delete(oldest as string)
  }
}
