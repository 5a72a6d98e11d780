// Fetched records that wait for the turn of their form, bounded in number and bytes.
import type { CommittableOffset } from '../committable-offset.ts'
import { FormTurns } from '../form-turns.ts'
import type { LogRecord } from '../port.ts'

const maxRecords = 10_000
const maxBytes = 64 * 2 ** 20

export interface QueuedRecord {
  record: LogRecord
  committable: CommittableOffset
  bytes: number
}

export class RecordQueue {
  #turns = new FormTurns<QueuedRecord>()
  #bytes = 0

  get isEmpty(): boolean {
    return this.#turns.size === 0
  }

  get isFull(): boolean {
    return this.#turns.size >= maxRecords || this.#bytes >= maxBytes
  }

  add(form: string, item: QueuedRecord): void {
    this.#bytes += item.bytes
    this.#turns.add(form, item)
  }

  /** Takes the next record of the forms that `mayRun`. */
  next(mayRun: (form: string) => boolean): { form: string; item: QueuedRecord } | undefined {
    const next = this.#turns.next(mayRun)
    if (next) this.#bytes -= next.item.bytes
    return next
  }
}
