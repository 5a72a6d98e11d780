// A log that goes on accepting while the one behind it is away: events then wait in a spool on disk, and are forwarded in order when
// that log is back. docs/spool.md has the guarantees.
import { setTimeout as delay } from 'node:timers/promises'
import type { KeyedMessage } from '../../binary-mode.ts'
import { type Consumer, type Log, LogUnavailable, type Subscription } from '../port.ts'
import type { Breaker } from './breaker.ts'
import { Detour } from './detour.ts'
import { Forwarder } from './forwarder.ts'
import { Spool, type SpoolOptions } from './spool.ts'

export interface SpoolStatus {
  breaker: Breaker['state']
  /** Since when events go to the spool; undefined if they go to the log. */
  since: Date | undefined
  /** Why the log last failed, as far as it said so. */
  reason: string | undefined
  /** Number of events that wait to be forwarded. */
  waiting: number
  /** Number of events that the log refused as too large; they stay in the spool. */
  setAside: number
  /** Number of events that this spool ever took, and ever forwarded. */
  spooled: number
  forwarded: number
}

interface Options extends SpoolOptions {
  /** Where events go, and where they are read. */
  target: Log
  /** Called when spooling has begun, and when everything is forwarded. */
  onChange?: (status: SpoolStatus) => void
}

interface Opened extends Pick<Required<Options>, 'target' | 'onChange'> {
  spool: Spool
  /** When the oldest event in the spool was accepted. */
  since: Date | undefined
}

/** Milliseconds between two questions to the log whether it is ready. */
const askEvery = 200
/** Milliseconds that `close` goes on forwarding: the disk of a container can go with it. */
const closeWithin = 5000

export class SpoolingLog implements Log {
  #target: Log
  #spool: Spool
  #detour: Detour
  #forwarder: Forwarder
  #asking: NodeJS.Timeout
  #pending = 0
  #settled = () => {}

  /** Rejects if another process uses the spool, or it cannot be written. */
  static async open({ target, onChange = () => {}, ...options }: Options): Promise<SpoolingLog> {
    const spool = await Spool.open(options)
    await spool.takeBack().catch(({ message }: Error) => process.emitWarning(message))
    const oldest = spool.waiting > 0 ? await spool.oldest() : undefined
    const since = oldest === undefined ? undefined : new Date(oldest)
    return new SpoolingLog({ target, spool, since, onChange })
  }

  private constructor({ target, spool, since, onChange }: Opened) {
    this.#target = target
    this.#spool = spool
    const detour = {
      waiting: () => spool.waiting,
      onChange: () => onChange(this.status()),
      onProgress: () => this.#forwarder?.wake(),
    }
    this.#detour = new Detour(detour, since)
    this.#forwarder = new Forwarder({
      spool,
      send: (event) => target.append(spool.topic, event),
      limit: () => this.#detour.limit,
      onSent: (count, failure) => this.#detour.forwarded(count, failure),
    })
    this.#asking = setInterval(() => this.#ask(), askEvery).unref()
    if (since) onChange(this.status())
    this.#ask()
  }

  async append(topic: string, event: KeyedMessage): Promise<void> {
    this.#pending += 1
    try {
      await (topic === this.#spool.topic ? this.#accept(event) : this.#target.append(topic, event))
    } finally {
      this.#pending -= 1
      if (this.#pending === 0) this.#settled()
    }
  }

  async #accept(event: KeyedMessage): Promise<void> {
    if (this.#detour.since && (await this.#detour.isNeeded())) return this.#keep(event)
    try {
      await this.#target.append(this.#spool.topic, event)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      this.#detour.observe('failed', error.message)
      await this.#keep(event, error)
    }
  }

  /** `failure`: why the log did not take the event. If that had begun, the log may store it as well, under the same id. */
  async #keep(event: KeyedMessage, failure?: LogUnavailable): Promise<void> {
    try {
      await this.#spool.append(event)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      const reason = failure?.message ?? this.#detour.reason ?? 'not ready'
      const message = `The log: ${reason}; the spool: ${error.message}`
      const begun = error.begun || failure?.begun === true
      throw new LogUnavailable(message, { begun, cause: error })
    } finally {
      this.#detour.advance()
    }
  }

  #ask(): void {
    this.#detour.observe(this.#target.ready() ? 'ready' : 'unready')
  }

  status(): SpoolStatus {
    const { breaker, since, reason } = this.#detour
    const { waiting, setAside, totals } = this.#spool
    return { breaker, since, reason, waiting, setAside, ...totals }
  }

  /** The file of the spool; SQLite has others beside it. */
  get file(): string {
    return this.#spool.file
  }

  consume(subscription: Subscription): Promise<Consumer> {
    return this.#target.consume(subscription)
  }

  ready(): boolean {
    return this.#spool.ready() || (!this.#detour.since && this.#target.ready())
  }

  async close(): Promise<void> {
    const until = performance.now() + closeWithin
    while (this.#forwards() && performance.now() < until) await delay(askEvery)
    clearInterval(this.#asking)
    this.#detour.stop()
    await this.#forwarder.close()
    const settled = new Promise<void>((resolve) => {
      this.#settled = resolve
    })
    // Appends that it rejects now go to the spool.
    await this.#target.close()
    if (this.#pending > 0) await settled
    await this.#spool.close()
  }

  #forwards(): boolean {
    return this.#detour.breaker !== 'open' && this.#spool.waiting > 0
  }
}
