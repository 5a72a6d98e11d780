// The port to the event log. Adapters: sqlite/ (one machine, nothing to install), kafka/ (Apache Kafka) and sink/ (append only,
// through a KafkaSink).

import type { KeyedMessage, Message } from '../binary-mode.ts'

/** An event as stored in the log: CloudEvents binary mode, `ce-*` headers and the unparsed body. */
export interface LogRecord extends Message {
  topic: string
  partition: number
  offset: number
}

export interface Subscription {
  topic: string
  /**
   * Consumers of one group share its committed offsets. They receive the records of each form in partition order; different
   * forms run side by side. Without a group nothing is committed and records arrive in partition order: for watching a topic.
   */
  group?: string
  /** Where a group without committed offsets starts. */
  from: 'earliest' | 'latest'
  /**
   * Maximum number of records being handled at once. For a group this is the limit of one form; all forms together may have
   * twice as many, shared as in `FairShares`.
   */
  inFlight: number
  /**
   * Called for many records at once. A record counts as handled when the promise resolves; its offset is committed once all
   * earlier ones are handled too. When the promise rejects, the record stays open and is delivered again after a restart.
   */
  handle: (record: LogRecord) => Promise<void>
  /**
   * Called with the reason when delivery stops, again when the reason changes, and without an argument when delivery resumes.
   * With this callback the consumer keeps retrying from the start; without it, `consume` rejects with the first reason, within
   * ten seconds.
   */
  onProblem?: (problem?: string) => void
  /**
   * Called when everything below offset `next` has been passed to `handle` or contains no record. Use this, not the last record,
   * to detect the end of a partition: a log can end with transaction markers or gaps.
   */
  passed?: (partition: number, next: number) => void
}

/** The offsets of a partition: `first` is the first one still stored, `next` the one after the last committed record. */
export interface Bounds {
  partition: number
  first: number
  next: number
}

/** A record to skip because it cannot be read. */
export interface SkippedRecord {
  partition: number
  offset: number
  /** Called before the record is skipped, to save what is known of it. If it rejects, nothing is skipped. */
  keep: () => Promise<void>
}

export interface Consumer {
  /** Number of records of the topic that are not handled yet. */
  lag(): Promise<number>
  /** When the oldest record that is not handled was appended, in milliseconds since 1970; undefined if unknown. */
  oldest(): Promise<number | undefined>
  /** Current bounds of each partition. */
  bounds(): Promise<Bounds[]>
  /** Continues after this record. Rejects unless it is the next one to be read from its partition. */
  skip(record: SkippedRecord): Promise<void>
  /** Stops delivery, waits for the records being handled, commits. */
  close(): Promise<void>
}

export interface Log {
  /** Resolves when the event is durable; it is stored unchanged. Rejects with `LogUnavailable` or `TooLarge`. */
  append(topic: string, event: KeyedMessage): Promise<void>
  consume(subscription: Subscription): Promise<Consumer>
  /** False while appends cannot succeed. */
  ready(): boolean
  /** Waits for pending appends. */
  close(): Promise<void>
}

/** Maximum number of pending appends, in any adapter. Further ones are rejected at once, which bounds memory. */
export const maxWaiting = 10_000

/** The event could not be made durable. `begun`: it may have been written nevertheless, so a retry must use the same id. */
export class LogUnavailable extends Error {
  override name = 'LogUnavailable'
  begun: boolean

  constructor(message: string, options: ErrorOptions & { begun: boolean }) {
    super(message, options)
    this.begun = options.begun
  }
}

/** The event exceeds the size limit of the log. Retrying does not help. */
export class TooLarge extends Error {
  override name = 'TooLarge'
  readonly statusCode = 413
}
