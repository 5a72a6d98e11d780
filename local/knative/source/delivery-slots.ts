// Limits the simultaneous deliveries to one task, fairly by form: each form gets a share of the slots, and waiting forms take
// turns. A form with a flood of events, or one whose deliveries hang, does not delay the others.
import { addAbortListener } from 'node:events'
import { FairShares } from '#kafka/log/fair-shares.ts'
import { FormTurns } from '#kafka/log/form-turns.ts'
import { watchBusy } from '#kit/event-loop-busy.ts'
import { AdaptiveLimit } from './adaptive-limit.ts'

/** Milliseconds without an event of another form after which load no longer lowers the limit: no other form could be delayed. */
const aloneAfter = 10_000

export class DeliverySlots {
  #limit: AdaptiveLimit
  #shares: FairShares
  #waiting = new FormTurns<() => void>()
  #ownLoad = watchBusy()
  #lastForm: string | undefined
  #formChangedAt = Number.NEGATIVE_INFINITY

  /** `maxPerForm`: maximum for one form. All forms together get twice as many. */
  constructor(maxPerForm: number) {
    this.#limit = new AdaptiveLimit(maxPerForm)
    this.#shares = new FairShares(2 * this.#limit.value)
  }

  /** Resolves when the form has a slot. Rejects if the signal aborts first. */
  async take(form: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#lastForm !== undefined && form !== this.#lastForm) {
      this.#formChangedAt = performance.now()
    }
    this.#lastForm = form
    if (this.#shares.room(form) > 0) return this.#shares.take(form)
    const turn = Promise.withResolvers<void>()
    this.#waiting.add(form, turn.resolve)
    const listener = addAbortListener(signal, () => {
      this.#waiting.remove(form, turn.resolve)
      turn.reject(signal.reason)
    })
    await turn.promise.finally(() => listener[Symbol.dispose]())
  }

  /** `busy`: event loop utilization of the task's process, 0 to 1. */
  giveBack(form: string, busy = 0): void {
    this.#shares.giveBack(form)
    const now = performance.now()
    const alone = now - this.#formChangedAt > aloneAfter
    this.#limit.adjust(alone ? 0 : Math.max(busy, this.#ownLoad()), now)
    this.#shares.resize(2 * this.#limit.value)
    for (;;) {
      const next = this.#waiting.next((waiting) => this.#shares.room(waiting) > 0)
      if (!next) return
      // Taken here, before the waiting delivery runs: otherwise another could take the slot in between.
      this.#shares.take(next.form)
      next.item()
    }
  }
}
