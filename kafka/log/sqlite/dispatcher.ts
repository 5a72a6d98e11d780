// Passes records to the handler of a subscription, and limits how many (and how many bytes) of each form are in flight.
import { FairShares } from '../fair-shares.ts'
import type { LogRecord, Subscription } from '../port.ts'
import type { FormProgress } from './form-progress.ts'
import type { TopicProgress } from './topic-progress.ts'

/** Bytes of records in flight. */
const maxBytes = 64 * 2 ** 20

export class SqliteDispatcher {
  #subscription: Subscription
  #progress: TopicProgress
  #onRoom: () => void
  #slots: FairShares
  #bytes = new FairShares(maxBytes)
  #active = new Set<Promise<void>>()

  /** `onRoom`: called whenever a record is done and another one may be read. */
  constructor(subscription: Subscription, progress: TopicProgress, onRoom: () => void) {
    this.#subscription = subscription
    this.#progress = progress
    this.#onRoom = onRoom
    this.#slots = new FairShares(2 * subscription.inFlight)
  }

  /** Number of records of the form that may be read now. */
  room(form: string): number {
    return this.#bytes.room(form) > 0 ? this.#slots.room(form) : 0
  }

  /** Reserves slots while records are being read, because several forms are read at once. */
  reserve(form: string, count: number): void {
    this.#slots.take(form, count)
  }

  release(form: string, count: number): void {
    this.#slots.giveBack(form, count)
  }

  dispatch(progress: FormProgress, record: LogRecord): void {
    const { form } = progress
    const size = record.body.length
    this.#slots.take(form)
    this.#bytes.take(form, size)
    progress.dispatched(record)
    const finished = this.#subscription.handle(record).then(
      () => this.#progress.handled(progress, record),
      () => {}, // stays open: delivered again after a restart
    )
    this.#active.add(finished)
    finished.then(() => {
      progress.inFlight -= 1
      this.#slots.giveBack(form)
      this.#bytes.giveBack(form, size)
      this.#active.delete(finished)
      this.#onRoom()
    })
  }

  /** Resolves when nothing is in flight. */
  async idle(): Promise<void> {
    await Promise.all(this.#active)
  }
}
