// The port to what the task keeps: rows that wait to be written, and which row each submission has. Adapters: SQLite for one
// instance, Redis for several.
import type { Cause } from '#kit/define-task.ts'
import type { Cell } from '../rows/columns.ts'
import type { Target } from '../target.ts'

/** A row to be: the answers of one submission. */
export interface Entry {
  /** Of the submission. */
  id: string
  /** When the person submitted, ISO 8601 in UTC with milliseconds, so that its text sorts as the time does. */
  time: string
  /** What stands under `submitted at`; without it, the time. */
  timeCell?: Cell
  /** The tab that the form's file names; the rows go to it or to what it rotated to. */
  tab: string
  /** It waits again though it has been recorded, for a row that is lost. */
  again?: true
  /** What the event that says so, once the row stands, derives from. */
  cause: Cause
  /** Field name to cell. */
  values: [string, Cell][]
  /** Field name to what the header of its column says, where that is not the name. */
  labels?: [string, string][]
}

/** The rows of one tab that wait. */
export interface Waiting extends Target {
  rows: number
  /** Time of submission of the oldest, ISO 8601. */
  oldest: string
}

/**
 * Titles that differ only in case are one tab, known by the title that came first: what is given with another title comes out
 * with that one.
 */
export interface Buffer {
  /**
   * Resolves when the entries are safe. What waits already, or has a row already, stays as it is: in its tab, and in every
   * other tab that its form ever named.
   */
  add(spreadsheet: string, entries: Entry[]): Promise<void>
  /** The tabs with rows that wait, the longest waiting first. */
  waiting(): Promise<Waiting[]>
  /** The first to be written: submitted at `until` (ISO 8601) or before, in order of time and then id. */
  due(target: Target, until: string, most: number): Promise<Entry[]>
  /**
   * From now on they wait for another tab, but for those that have a row here, which may have been written: these stay, and
   * their ids are the answer.
   */
  move(from: Target, to: Target, ids: string[]): Promise<string[]>
  /** They are written, and it was said: from now on they are recorded. May be lost: then they wait again, in their rows. */
  remove(spreadsheet: string, ids: string[]): Promise<void>
  ledger(spreadsheet: string, tab: string): Promise<Ledger>
  /**
   * One flusher for a tab, to save quota: undefined where another has it. It ends after `ms` unless renewed.
   * A failover may lose it: it is no proof that nobody else writes.
   */
  lease(target: Target, ms: number): Promise<Lease | undefined>
  /** 0 where one more call of the kind fits in the last minute, which it then counts; else milliseconds until it might. */
  take(kind: 'read' | 'write', perMinute: number): Promise<number>
  /** Why it cannot take entries now, where it knows. */
  problem(): string | undefined
  close(): Promise<void>
}

export interface Lease {
  /** False where it was lost. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/** Where a row is: `part` 1 is the tab itself, 2 the tab that it rotated to, and so on. */
export interface Place {
  part: number
  row: number
}

/** A place in the order of submission: by time, then by id. */
export interface Order {
  time: string
  id: string
}

/** Rows that go to a tab in one call. Noted before the call, until it is known what came of it. */
export interface RowBatch {
  /** Of the mark that the call leaves in the spreadsheet: where it stands, the call was applied and is refused ever after. */
  id: number
  part: number
  ids: string[]
  /** How many of them were submitted before one that has a row already. */
  late: number
  /** The last in order before it. */
  before: Order
}

/** What the ledger knows. */
export interface Known {
  /** Another one after each batch that ended. */
  version: number
  /** The batch of which nobody has said what came of it. */
  batch: RowBatch | undefined
  /** The part that new rows go to, and the row below the last that was written to it: a hint, people move rows. */
  part: number
  next: number
  /** The last in order that was written. */
  last: Order
  /** Of those that were asked for and have a row. */
  places: Map<string, Place>
}

/**
 * Which rows of a tab, and of those it rotated to, the submissions have, and which are being written.
 *
 * Where it is `suspect`, `begin` and `end` reject with RetryLater, whoever asks, until the flusher has
 * 1. taken the lease, and let the time of one call to Sheets pass: a call that was made before may still have its effect;
 * 2. read the ids of each part from 1 to `part()`, and of those that stand after it: that it rotated may be lost, too;
 * 3. called `trust` (or `rebuild`, where a tab is not there, or not ours yet) for each of them, the last one first and
 *    part 1 last, with what it read. Where yet another server leads by then, they reject with RetryLater: from 1 again.
 * A ledger that Redis has not seen before is suspect as well: it may be one that was lost.
 */
export interface Ledger {
  /** Of the ledger whose spreadsheet this is: stamped on each of its tabs. */
  readonly owner: string
  known(ids: string[]): Promise<Known>
  /**
   * Notes that the rows may be in the sheet from now on. `last`: of the batch, or what was last before. RetryLater where
   * another batch is not ended, or one has ended since `version`: what was read of the sheet may be old.
   */
  begin(batch: RowBatch, since: { version: number; last: Order }): Promise<void>
  /** These rows of the batch stand, its others never will. Nothing, where it has ended already. */
  end(batch: RowBatch, rows: ReadonlyMap<string, number>): Promise<void>
  /** People moved rows: notes where they stand. */
  place(part: number, rows: ReadonlyMap<string, number>): Promise<void>
  /** Forgets the part, and takes over what stands in it. */
  rebuild(part: number, rows: ReadonlyMap<string, number>): Promise<void>
  /** True where the last rows may be lost, as another Redis server leads: known from opening, or from a refused call. */
  readonly suspect: boolean
  /** The sheet was looked into: takes over where its rows stand, and forgets nothing. */
  trust(part: number, rows: ReadonlyMap<string, number>): Promise<void>
  /** The number of the part that new rows go to. */
  part(): Promise<number>
}
