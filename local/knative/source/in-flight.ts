// The records a source is working on, each with its own abort signal, so that one can be skipped while the others continue.
import type { LogRecord } from '#kafka/log/port.ts'

/** Abort reason of a record that an operator skipped. */
export const skippedByHand = new Error('Skipped by hand')

export type Position = Pick<LogRecord, 'topic' | 'partition' | 'offset'>

export class InFlight {
  #controllers = new Map<string, AbortController>()
  #closed: unknown

  async run(record: Position, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const key = keyOf(record)
    const controller = new AbortController()
    if (this.#closed) controller.abort(this.#closed)
    this.#controllers.set(key, controller)
    try {
      await work(controller.signal)
    } finally {
      this.#controllers.delete(key)
    }
  }

  /** Returns false if the record is not in flight. */
  skip(record: Position): boolean {
    const controller = this.#controllers.get(keyOf(record))
    controller?.abort(skippedByHand)
    return controller !== undefined
  }

  /** Aborts all records, and those that are run later. */
  close(reason: unknown): void {
    this.#closed = reason
    for (const controller of this.#controllers.values()) controller.abort(reason)
  }
}

const keyOf = ({ topic, partition, offset }: Position): string => `${topic}/${partition}/${offset}`
