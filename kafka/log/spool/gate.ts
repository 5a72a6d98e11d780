// Where events wait while the spool is being emptied, in the order of their arrival.
import { LogUnavailable, maxWaiting } from '../port.ts'

export class Gate {
  #waiting: (() => void)[] = []

  /** Resolves when the event may go on. */
  pass(): Promise<void> {
    if (this.#waiting.length >= maxWaiting) {
      const message = `Expected at most ${maxWaiting} events to wait until the spool is empty`
      return Promise.reject(new LogUnavailable(message, { begun: false }))
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Lets the next `count` events go on. */
  admit(count: number): void {
    for (const goOn of this.#waiting.splice(0, count)) goOn()
  }
}
