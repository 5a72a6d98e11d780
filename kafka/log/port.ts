// The port to the event log. Adapters: log-sqlite.ts (one machine, nothing to install), log-kafka.ts (Apache Kafka).

import type { Message } from '../binary-mode.ts'
import type { FormEvent } from '../define-event.ts'

/** An event as it lies in the log: CloudEvents binary mode, `ce-*` headers and the body as it came. */
export interface LogRecord extends Message {
  topic: string
  partition: number
  offset: number
}

export interface Subscription {
  topic: string
  /**
   * Members of a group share its committed offsets, and get the records form by form: those of one form in the order of each
   * partition. Without a group nothing is committed, and the records come in the order of each partition: for watching.
   */
  group?: string
  /** Where a group without committed offsets begins. */
  from: 'earliest' | 'latest'
  /**
   * The most records that are handed out and not yet settled. Of a group: of one form; of all forms together twice as many, of
   * which none may have more than it leaves to others.
   */
  inFlight: number
  /**
   * Many at once. When it resolves the record is settled: its offset is committed
   * as soon as all before it are settled too. When it rejects, the record comes again after a restart.
   */
  handle: (record: LogRecord) => Promise<void>
  /**
   * Called with why nothing is handed out, again when that changes, and with nothing when it goes on. Whoever listens gets a
   * consumer that keeps trying from the start; without it, `consume` rejects with the first reason, within ten seconds.
   */
  onProblem?: (problem?: string) => void
  /**
   * All below `next` was handed out, or is no record: a log may hold markers and gaps, at its end too. So an end is reached by
   * this, never by a record.
   */
  passed?: (partition: number, next: number) => void
}

/** What a partition holds: offsets from `first` to before `next`. What a transaction has yet to decide is not in it. */
export interface Bounds {
  partition: number
  first: number
  next: number
}

/** A record that cannot be read. */
export interface Skipped {
  partition: number
  offset: number
  /** Called where reading stands at the record, before it is passed for good: if it rejects, reading stays there. */
  keep: () => Promise<void>
}

export interface Consumer {
  /** Records of the topic that are not settled yet. */
  lag(): Promise<number>
  /** When the oldest record that is not settled was appended: milliseconds since 1970; undefined where none is known. */
  oldest(): Promise<number | undefined>
  /** Of each partition of the topic, now. */
  bounds(): Promise<Bounds[]>
  /** The group goes on behind this record, where it stands at it. Rejects where it does not stand there. */
  skip(record: Skipped): Promise<void>
  /** Hands out nothing more, waits for what is in flight, commits. */
  close(): Promise<void>
}

export interface Log {
  /**
   * Resolves when the event is durable. Rejects with `LogUnavailable` or `TooLarge`.
   * `written`: its data as it came; parsed and written again, a long number would be another.
   */
  append(topic: string, event: FormEvent, written?: string): Promise<void>
  consume(subscription: Subscription): Promise<Consumer>
  /** False while appends cannot succeed. */
  ready(): boolean
  /** Waits for the appends that have begun. */
  close(): Promise<void>
}

/** Appends that may wait in any log; one more is refused at once, so memory is bounded while it is slow or away. */
export const maxWaiting = 10_000

/** The event could not be made durable. `begun`: it may stand in the log all the same, so a repeat needs the same id. */
export class LogUnavailable extends Error {
  override name = 'LogUnavailable'
  begun: boolean

  constructor(message: string, options: ErrorOptions & { begun: boolean }) {
    super(message, options)
    this.begun = options.begun
  }
}

/** No repeat makes the event smaller. */
export class TooLarge extends Error {
  override name = 'TooLarge'
  readonly statusCode = 413
}
