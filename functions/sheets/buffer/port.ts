// The port to the state of the sheets task: rows that wait to be written, and the ledger of rows that are written. Adapters:
// SQLite for one instance, Redis for several.
import type { Entry } from '../row.ts'
import type { Target } from '../target.ts'

/** The rows of one tab that wait. */
export interface WaitingRows extends Target {
  rows: number
  /** When the oldest was submitted, ISO 8601. */
  oldest: string
}

/** Titles that differ only in case are one tab: whatever spelling is passed in, the first one that was used comes out. */
export interface RowBuffer {
  /**
   * Resolves when the entries are stored durably. Ignores an entry that waits already or has a row already, in its tab or in any
   * tab that its form has named before.
   */
  add(spreadsheet: string, entries: Entry[]): Promise<void>
  /** The tabs that have rows waiting, the longest waiting first. */
  waiting(): Promise<WaitingRows[]>
  /** The first `max` entries submitted at `until` (ISO 8601) or before, ordered by time, then by id. */
  due(target: Target, until: string, max: number): Promise<Entry[]>
  /** Makes the entries wait for another tab. Returns the ids that stay because they have a row here, or may have been written. */
  move(from: Target, to: Target, ids: string[]): Promise<string[]>
  /** Call after rows are written and published. If this is lost, the entries wait again and are found in their rows. */
  remove(spreadsheet: string, ids: string[]): Promise<void>
  ledger(spreadsheet: string, tab: string): Promise<Ledger>
  /**
   * Lets one instance at a time write to a tab, to save quota. Undefined while another instance has it. Ends after `ms` unless
   * renewed. A failover of Redis may lose a lease, so holding one does not prove that nobody else writes.
   */
  lease(target: Target, ms: number): Promise<Lease | undefined>
  /** Counts one call and returns 0 if the last minute has room for it; otherwise returns the milliseconds to wait. */
  takeCall(kind: 'read' | 'write', perMinute: number): Promise<number>
  /** Why it cannot take entries now, if known. */
  problem(): string | undefined
  close(): Promise<void>
}

export interface Lease {
  /** False if the lease was lost. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/** A recorded row: part 1 is the tab itself, part 2 the tab that it rotated to, and so on. */
export interface LedgerRow {
  part: number
  row: number
}

/** A point in the order of submission: by time (ISO 8601), then by id. */
export interface Order {
  time: string
  id: string
}

/** Rows that one call inserts into a tab. Stored before the call, until its outcome is known. */
export interface RowBatch {
  /** Id of the metadata that the call leaves in the spreadsheet. If it is there, the call was applied, and Google refuses it again. */
  id: number
  part: number
  ids: string[]
  /** How many of them were submitted before a row that is written already. */
  late: number
  /** The last row in order before this batch. */
  before: Order
}

export interface LedgerState {
  /** Increases with each batch that ends. */
  version: number
  /** The batch whose outcome is not known yet. */
  batch: RowBatch | undefined
  /** The part that new rows go to. */
  part: number
  /** The row below the last one written to this part. A hint only: people move rows. */
  next: number
  /** The last row in order of submission. */
  last: Order
  /** Rows of the requested ids, by id. Ids without a row are left out. */
  rows: Map<string, LedgerRow>
}

/**
 * Records which row each submission has, in a tab and the tabs it rotated to, and which rows are being written.
 *
 * While it is `suspect`, `begin` and `end` reject with RetryLater for every instance, until one has
 * 1. taken the lease and waited for the timeout of one call to Sheets, as a call made before may still take effect;
 * 2. read the ids of every part from 1 to `lastPart()`, and of the parts after it: a rotation may be lost as well;
 * 3. called `trust` for each part with what it read (or `rebuild`, for a tab that does not exist or has no stamp), the last
 *    part first and part 1 last. If yet another server leads by then, they reject with RetryLater: start again at 1.
 * A ledger that Redis has not seen before is suspect too, as it may have been lost.
 */
export interface Ledger {
  /** Id of the ledger that owns the spreadsheet. Every tab is stamped with it. */
  readonly owner: string
  read(ids: string[]): Promise<LedgerState>
  /**
   * Records that the rows may be in the sheet from now on. `last`: the last in order once they are. RetryLater if another
   * batch has not ended, or has ended since `version`: the sheet has to be read again.
   */
  begin(batch: RowBatch, since: { version: number; last: Order }): Promise<void>
  /** Records the rows of the batch that were written; its other rows never will be. No effect if the batch has ended already. */
  end(batch: RowBatch, rows: ReadonlyMap<string, number>): Promise<void>
  /** Records the new row numbers after people moved rows. */
  relocate(part: number, rows: ReadonlyMap<string, number>): Promise<void>
  /** Replaces all rows of the part. */
  rebuild(part: number, rows: ReadonlyMap<string, number>): Promise<void>
  /** True if the last rows may be lost because another Redis server leads: known from opening, or from a refused call. */
  readonly suspect: boolean
  /** Adds the rows that were read from the sheet and keeps all others. */
  trust(part: number, rows: ReadonlyMap<string, number>): Promise<void>
  /** The number of the part that new rows go to. */
  lastPart(): Promise<number>
}
