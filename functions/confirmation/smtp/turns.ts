// Lets few mails be under way at once, and the others wait. A process that is killed leaves the results of those few unknown.
import { RetryLater } from '#kit/errors.ts'

interface Waiting {
  begin: () => void
  timer: NodeJS.Timeout
}

/** ms. The source repeats a delivery that takes a minute. */
const defaultWait = 30_000

export class Turns {
  #free: number
  #waiting: Waiting[] = []
  #maxWait: number

  constructor(atOnce: number, maxWait = defaultWait) {
    this.#free = atOnce
    this.#maxWait = maxWait
  }

  /** Throws `RetryLater` without a call of `work` if the turn does not come in time. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1
    else await this.#wait()
    try {
      return await work()
    } finally {
      this.#pass()
    }
  }

  #wait(): Promise<void> {
    return new Promise((begin, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((one) => one.timer !== timer)
        reject(new RetryLater('Other mails are still under way'))
      }, this.#maxWait)
      this.#waiting.push({ begin, timer })
    })
  }

  #pass(): void {
    const next = this.#waiting.shift()
    if (!next) {
      this.#free += 1
      return
    }
    clearTimeout(next.timer)
    next.begin()
  }
}
