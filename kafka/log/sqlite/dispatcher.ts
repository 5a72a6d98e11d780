// The records that a group on the embedded log has handed out and that are not handled yet. Each form may have its share of them.

import { Shares } from '../fair-shares.ts'
import type { LogRecord, Subscription } from '../port.ts'
import type { FormReading } from './form-progress.ts'
import type { FormReadings } from './topic-progress.ts'

/** Of records that are open. */
const maxBytes = 64 * 2 ** 20

export class SqliteHandOut {
  #subscription: Subscription
  #readings: FormReadings
  #wake: () => void
  #open: Shares
  #bytes = new Shares(maxBytes)
  #active = new Set<Promise<void>>()

  /** `wake`: there is room again. */
  constructor(subscription: Subscription, readings: FormReadings, wake: () => void) {
    this.#subscription = subscription
    this.#readings = readings
    this.#wake = wake
    this.#open = new Shares(2 * subscription.inFlight)
  }

  /** How many records of the form may be read now. */
  room(form: string): number {
    return this.#bytes.room(form) > 0 ? this.#open.room(form) : 0
  }

  /** While they are read: the forms that are read beside it count on what is left. */
  reserve(form: string, count: number): void {
    this.#open.take(form, count)
  }

  giveBack(form: string, count: number): void {
    this.#open.giveBack(form, count)
  }

  handOut(reading: FormReading, record: LogRecord): void {
    const { form } = reading
    const size = record.body.length
    this.#open.take(form)
    this.#bytes.take(form, size)
    reading.handOut(record)
    const handled = this.#subscription.handle(record).then(
      () => this.#readings.settle(reading, record),
      () => {}, // stays open: it comes again after a restart
    )
    this.#active.add(handled)
    handled.then(() => {
      reading.open -= 1
      this.#open.giveBack(form)
      this.#bytes.giveBack(form, size)
      this.#active.delete(handled)
      this.#wake()
    })
  }

  /** Resolves once all that was handed out is handled. */
  async close(): Promise<void> {
    await Promise.all(this.#active)
  }
}
