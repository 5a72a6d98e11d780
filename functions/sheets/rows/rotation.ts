// Writes entries to a tab, or to the last of the tabs it rotated to: settles an open batch, finds rows that are recorded already,
// and inserts the others.
import { RetryLater } from '#kit/errors.ts'
import type { LedgerState, Order, RowBatch } from '../buffer/port.ts'
import { redactMessage } from '../google/redact.ts'
import { newMetadataId } from '../google/requests.ts'
import { countLate } from '../metrics.ts'
import type { Column, Entry, RowLocation } from '../row.ts'
import { columnsOf } from './columns.ts'
import { GuardPolicy, type Refusal } from './guard-policy.ts'
import type { InsertionPoint } from './insertion-point.ts'
import { RotatedTabs, type RotatedTabsOptions } from './rotated-tabs.ts'

export interface RotatingTabOptions extends RotatedTabsOptions {
  /** Cells of one tab at most: rows beyond that go to the next part. */
  maxCells: number
}

/** Refusals in a row, because people change the tab between a read and a call, before other tabs get their turn. */
const maxRefusals = 10

interface Work {
  /** In order of submission, each id once. */
  entries: Entry[]
  columns: Column[]
  written: Map<string, RowLocation>
}

export class RotatingTab {
  #options: RotatingTabOptions
  #tabs: RotatedTabs
  #guards = new GuardPolicy()

  constructor(options: RotatingTabOptions) {
    this.#options = options
    this.#tabs = new RotatedTabs(options)
  }

  /** Returns the location of each id, once all are in the sheet. `entries`: in order of submission, each id once. */
  async write(entries: Entry[]): Promise<Map<string, RowLocation>> {
    const columns = columnsOf(entries)
    try {
      await this.#tabs.open(columns)
      return await this.#write({ entries, columns, written: new Map() })
    } catch (error) {
      this.#tabs.forget()
      throw error
    }
  }

  async #write(work: Work): Promise<Map<string, RowLocation>> {
    const { entries, columns, written } = work
    const remaining = () => entries.filter(({ id }) => !written.has(id))
    let refusal: Refusal | undefined
    for (let refusals = 0; refusals < maxRefusals; ) {
      const ids = remaining().map(({ id }) => id)
      if (ids.length === 0) return written
      const state = await this.#options.ledger.read(ids)
      if (state.batch) {
        await this.#tabs.writer(state.batch.part).settle(state.batch, columns)
        continue
      }
      await this.#findRecorded(state, work)
      const fresh = remaining()
      if (fresh.length === 0) continue
      refusal = await this.#insert(fresh, { state, work, refusal })
      refusals = refusal ? refusals + 1 : 0
    }
    throw new RetryLater(
      `People keep changing the tab: ${redactMessage(refusal?.error.message ?? '')}`,
    )
  }

  /** A row that is recorded and still in its tab is not written again. */
  async #findRecorded({ rows }: LedgerState, { columns, written }: Work): Promise<void> {
    for (const [part, own] of Map.groupBy(rows, ([, row]) => row.part)) {
      const recorded = new Map(own.map(([id, { row }]) => [id, row]))
      const found = await this.#tabs.writer(part).find(recorded, columns)
      this.#addWritten(written, part, found)
    }
  }

  #addWritten(written: Work['written'], part: number, rows: ReadonlyMap<string, number>): void {
    for (const [id, row] of rows) written.set(id, { tab: this.#tabs.titleOf(part), row })
  }

  /** Inserts as many of the first entries as the tab has room for. Returns a refusal after which the tab should be read again. */
  async #insert(
    fresh: Entry[],
    { state, work, refusal }: { state: LedgerState; work: Work; refusal: Refusal | undefined },
  ): Promise<Refusal | undefined> {
    const { part, point, room } = await this.#findRoom(state, work.columns)
    const guarded = this.#guards.useGuards(point, refusal)
    const entries = fresh.slice(0, room)
    const { late, last } = countLateIn(entries, state.last)
    const ids = entries.map(({ id }) => id)
    const batch: RowBatch = { id: newMetadataId(), part, ids, late, before: state.last }
    await this.#options.ledger.begin(batch, { version: state.version, last })
    const rows = await this.#tabs.writer(part).insert({ batch, entries, point, guarded })
    if (rows instanceof Error) return { error: rows, point, guarded }
    this.#guards.accepted(point, { guarded, refusal })
    countLate(late)
    this.#addWritten(work.written, part, rows)
    return undefined
  }

  /** In the last part, or in the next one if that is full. */
  async #findRoom(
    { part, next }: LedgerState,
    columns: Column[],
  ): Promise<{ part: number; point: InsertionPoint; room: number }> {
    const point = await this.#tabs.writer(part).prepare(columns, next)
    if (this.#roomAt(point) > 0) return { part, point, room: this.#roomAt(point) }
    const inNext = await this.#tabs.writer(part + 1).prepare(columns, 2)
    return { part: part + 1, point: inNext, room: Math.max(1, this.#roomAt(inNext)) }
  }

  #roomAt({ snapshot, columns, row }: InsertionPoint): number {
    const width = snapshot.columnCount + columns.missing.length
    return Math.floor(this.#options.maxCells / width) - row + 1
  }
}

/** How many were submitted before a row that is written already, and the last in order including them. */
function countLateIn(entries: Entry[], before: Order): { late: number; last: Order } {
  let [late, last] = [0, before]
  for (const { time, id } of entries) {
    if (time < last.time || (time === last.time && id < last.id)) late += 1
    else last = { time, id }
  }
  return { late, last }
}
