// Who delivers to a task now. A form has as many slots as it leaves to others, and those that wait for one take turns by form:
// a form with a flood of events, or one whose deliveries hang, holds up no other.
import { addAbortListener } from 'node:events'
import { Shares } from '#kafka/log/fair-shares.ts'
import { Turns } from '#kafka/log/form-turns.ts'
import { watchBusy } from '#kit/event-loop-busy.ts'
import { Pace } from './adaptive-limit.ts'

/** Milliseconds without an event of another form after which a form is alone, and nobody waits for it to keep a pace. */
const aloneAfter = 10_000

export class Slots {
  #last: string | undefined
  #changed = Number.NEGATIVE_INFINITY
  #shares: Shares
  #pace: Pace
  #busy = watchBusy()
  #waiting = new Turns<() => void>()

  /** `most`: of one form at most; of all together twice as many. */
  constructor(most: number) {
    this.#pace = new Pace(most)
    this.#shares = new Shares(2 * this.#pace.limit)
  }

  /** Resolves once the form has one more. Rejects where the signal is aborted before. */
  async take(form: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#last !== undefined && form !== this.#last) this.#changed = performance.now()
    this.#last = form
    if (this.#shares.room(form) > 0) return this.#shares.take(form)
    const turn = Promise.withResolvers<void>()
    this.#waiting.add(form, turn.resolve)
    const listener = addAbortListener(signal, () => {
      this.#waiting.remove(form, turn.resolve)
      turn.reject(signal.reason)
    })
    await turn.promise.finally(() => listener[Symbol.dispose]())
  }

  /** `busy`: how busy the task's process was, 0 to 1. */
  giveBack(form: string, busy = 0): void {
    this.#shares.giveBack(form)
    const now = performance.now()
    const alone = now - this.#changed > aloneAfter
    this.#pace.step(alone ? 0 : Math.max(busy, this.#busy()), now)
    this.#shares.resize(2 * this.#pace.limit)
    for (;;) {
      const next = this.#waiting.next((one) => this.#shares.room(one) > 0)
      if (!next) return
      // Taken for it here: it must not come too late for what was left to it.
      this.#shares.take(next.form)
      next.item()
    }
  }
}
