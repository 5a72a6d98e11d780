// Types shared by both ends of the control API, which the sink of a running `npm start` serves to the other commands:
// routes.ts answers, instance-client.ts asks. All responses are JSON; streams have one JSON value per line.
import type { LogRecord } from '#kafka/log/port.ts'
import type { ReplayedLetter, ReplayOptions } from '../replay/replay.ts'

/** Number of events that each task has not handled yet. */
export type Lag = Record<string, number>

/** Reasons why tasks receive no events, by task. */
export type Problems = Record<string, string>

/** Process ids of the functions that are running. */
export type FunctionPids = Record<string, number>

export interface WatchQuery {
  /** `earliest`: existing events first. Anything else: new events only. */
  from?: string
}

/** Lines of GET /topics/<topic>/records. */
export type TopicRecord = Pick<LogRecord, 'headers' | 'body'>

/** Response header of GET /topics/<topic>/records: upper bound of the number of records. */
export const totalHeader = 'formstream-total'

export type ReplayRequest = Pick<ReplayOptions, 'task' | 'discard' | 'dryRun'>

/** Lines of POST /replay. An error ends the replay. */
export type ReplayLine = ReplayedLetter | { error: string }

/** Result of POST /skip for one task. `problem`: why the record was not skipped. */
export interface SkipOutcome {
  task: string
  problem?: string
}
