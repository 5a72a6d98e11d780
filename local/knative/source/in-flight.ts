// The records that a source has under way, each with a signal of its own: one can be skipped while the others go on.
import type { LogRecord } from '#kafka/log/port.ts'

/** Why the signal of a record that was skipped is aborted. */
export const skipped = new Error('Skipped by hand')

type Place = Pick<LogRecord, 'partition' | 'offset'>

export class UnderWay {
  #controllers = new Map<string, AbortController>()
  #closed: unknown

  async run(record: Place, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const name = nameOf(record)
    const controller = new AbortController()
    if (this.#closed) controller.abort(this.#closed)
    this.#controllers.set(name, controller)
    try {
      await work(controller.signal)
    } finally {
      this.#controllers.delete(name)
    }
  }

  /** False where the record is not under way. */
  skip(record: Place): boolean {
    const controller = this.#controllers.get(nameOf(record))
    controller?.abort(skipped)
    return controller !== undefined
  }

  /** Aborts all, and what comes later. */
  close(reason: unknown): void {
    this.#closed = reason
    for (const controller of this.#controllers.values()) controller.abort(reason)
  }
}

const nameOf = ({ partition, offset }: Place): string => `${partition}/${offset}`
