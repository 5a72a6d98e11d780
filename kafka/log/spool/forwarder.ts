// Sends the events of a spool to the log, oldest first, whenever it is allowed to.
import type { KeyedMessage } from '../../binary-mode.ts'
import { LogUnavailable, TooLarge } from '../port.ts'
import type { Spool } from './spool.ts'

interface Options {
  spool: Pick<Spool, 'read' | 'remove' | 'keepAside' | 'waiting'>
  /** Appends to the log. */
  send: (event: KeyedMessage) => Promise<void>
  /** How many events may be sent now. */
  limit: () => number
  /** Called after each batch with the number of events that are forwarded, and the reason if the next one is not. */
  onSent: (count: number, failure?: LogUnavailable) => void
}

/** Milliseconds after the spool could not be read. */
const retryAfter = 1000

export class Forwarder {
  #options: Options
  #closing = false
  #wake: () => void = () => {}
  #ended: Promise<void>

  constructor(options: Options) {
    this.#options = options
    this.#ended = this.#run()
  }

  /** Call it when events wait or the limit has changed. */
  wake(): void {
    this.#wake()
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      if ((await this.#forward()) === 0 && !this.#closing) await woken
    }
  }

  /** Returns how many events the log took. */
  async #forward(): Promise<number> {
    const { spool, limit } = this.#options
    const most = limit()
    if (most === 0 || spool.waiting === 0) return 0
    const events = await spool.read(most).catch((error) => this.#cannotUse(error))
    return events.length === 0 ? 0 : this.#send(events)
  }

  /** A batch is sent at once, in order. What follows the first failure is sent again: an event never overtakes an earlier one for good. */
  async #send(events: KeyedMessage[]): Promise<number> {
    const { spool, send, onSent } = this.#options
    const results = await Promise.allSettled(events.map(send))
    const failed = results.findIndex(({ status }) => status === 'rejected')
    const sent = failed === -1 ? events.length : failed
    if (sent > 0) await spool.remove(sent).catch(warn)
    const failure = failed === -1 ? undefined : (results[failed] as PromiseRejectedResult).reason
    if (!(failure instanceof TooLarge)) {
      onSent(sent, failure && toUnavailable(failure))
      return sent
    }
    // Retrying does not help, and everything behind it would wait for ever.
    const kept = await spool.keepAside(events[failed] as KeyedMessage).then(
      () => 1,
      (error) => this.#cannotUse(error).length,
    )
    return sent + kept
  }

  #cannotUse(error: Error): never[] {
    warn(error)
    const failure = new LogUnavailable(`The spool fails: ${error.message}`, { begun: false })
    this.#options.onSent(0, failure)
    setTimeout(() => this.#wake(), retryAfter).unref()
    return []
  }

  /** Waits for the batch that is being sent. */
  async close(): Promise<void> {
    this.#closing = true
    this.#wake()
    await this.#ended
  }
}

const toUnavailable = (error: Error): LogUnavailable =>
  error instanceof LogUnavailable
    ? error
    : new LogUnavailable(error.message, { begun: true, cause: error })

const warn = ({ message }: Error): void => process.emitWarning(`The spool: ${message}`)
