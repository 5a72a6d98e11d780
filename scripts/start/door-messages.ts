// The messages between the main thread of `npm start` and the thread of the form endpoint.
import type { SharedLog } from '#kafka/log/sqlite/log.ts'
import type { ServedForm } from './print-addresses.ts'

/** What the thread starts with. Settings of the environment are those of the process. */
export interface DoorData {
  /** The embedded log; undefined if the log is on Kafka. */
  log: SharedLog | undefined
  /** Absolute paths. */
  formsDir: string
  checkedDir: string
  dataDir: string
  /** The secret with which submissions are signed. */
  secret: string
  /** The secrets with which receipts and pages are signed. */
  secrets: readonly string[]
  /** The status view; undefined if nobody writes it. */
  statusFile: string | undefined
}

/** The state of the sources, which run in the main thread. */
export interface SourceState {
  /** Reasons why tasks receive no events, by task. */
  problems: Record<string, string>
  /** Reasons to refuse submissions, by task. */
  refusals: Record<string, string>
  /** Notes for operators, by subject. */
  notes: Record<string, string>
}

export type ToDoor =
  | { state: SourceState }
  /** The answer to `askMetrics`: `getMetricsAsJSON` of a registry. */
  | { metrics: object[] }
  /** Finish the requests on open connections, then end. */
  | { drain: true }

export type FromDoor =
  /** The forms are loaded: the endpoint can listen. */
  { ready: true } | { listening: { endpoint: string; forms: ServedForm[] } } | { askMetrics: true }
