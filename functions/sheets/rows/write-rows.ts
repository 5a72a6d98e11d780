// Writes rows into one tab by inserting them, so that nothing is overwritten whatever people do to the tab meanwhile.
import type { Ledger, RowBatch } from '../buffer/port.ts'
import { statusOf } from '../google/errors.ts'
import { markBatch } from '../google/requests.ts'
import type { TabSnapshot } from '../google/tab-snapshot.ts'
import type { Column } from '../row.ts'
import { indexOfIds } from './columns.ts'
import { type Insertion, toInsertRequests } from './insert-requests.ts'
import type { InsertionPoint } from './insertion-point.ts'
import { OpenTab, type OpenTabOptions } from './open-tab.ts'
import { prepareInsertion } from './prepare-insertion.ts'
import type { RowNumbers, Spans, TabView } from './tab-view.ts'

export class RowWriter {
  readonly openTab: OpenTab
  #view: TabView
  #ledger: Ledger
  #part: number
  /** Marks of batches whose calls were answered. */
  #answered = new Set<number>()

  constructor(options: OpenTabOptions) {
    this.openTab = new OpenTab(options)
    this.#view = this.openTab.view
    this.#ledger = options.ledger
    this.#part = options.part
  }

  /** Finds recorded rows at their numbers, or wherever people moved them. Leaves out rows that are no longer in the tab. */
  async find(rows: RowNumbers, columns: Column[]): Promise<RowNumbers> {
    await this.openTab.open(columns)
    const snapshot = await this.#view.read((rowCount) => toSpans([...rows.values()], rowCount))
    const column = indexOfIds(snapshot)
    const isThere = ([id, row]: [string, number]) => snapshot.rows.get(row)?.[column] === id
    if ([...rows].every(isThere)) return rows
    const found = pick(await this.#view.readIds(snapshot), [...rows.keys()])
    await this.#ledger.relocate(this.#part, found)
    return found
  }

  /**
   * Finds out whether a batch that any instance began was applied, and ends it. To do so it creates the mark of the batch: if
   * Google refuses that, the batch was applied; otherwise it never will be.
   */
  async settle(batch: RowBatch, columns: Column[]): Promise<void> {
    const { sheetId } = await this.openTab.open(columns)
    try {
      await this.#view.tab.update([markBatch(sheetId, batch.id)])
    } catch (error) {
      if (statusOf(error) !== 400) throw error
      const snapshot = await this.#view.read()
      if (hasMark(snapshot, batch)) {
        await this.#endWithFoundRows(batch, snapshot)
        return
      }
      // If the mark is elsewhere, the batch was applied to a tab that was renamed since: none of its rows are in this one.
      if (!(await this.#view.tab.isInSpreadsheet(batch.id))) throw error
    }
    await this.#ledger.end(batch, new Map())
  }

  async #endWithFoundRows(batch: RowBatch, snapshot: TabSnapshot): Promise<RowNumbers> {
    const rows = pick(await this.#view.readIds(snapshot), batch.ids)
    await this.#ledger.end(batch, rows)
    return rows
  }

  /** Where new rows go. `next`: the row below the last one written here, by the ledger. */
  async prepare(columns: Column[], next: number): Promise<InsertionPoint> {
    await this.openTab.open(columns)
    return prepareInsertion(this.#view, columns, next)
  }

  /** Returns the rows of the batch that are in the tab, or Google's refusal: nothing was written then. */
  async insert(insertion: Insertion): Promise<RowNumbers | Error> {
    const { batch, entries, point } = insertion
    const { row, snapshot } = point
    const last = row + entries.length - 1
    const spans: Spans = [row, last].map((one) => [one, one])
    const request = { headerRow: snapshot.headerRow, spans }
    let after: TabSnapshot
    try {
      const requests = toInsertRequests(insertion, this.#answered)
      after = await this.#view.tab.updateAndRead(requests, request)
    } catch (error) {
      return this.#endRefused(batch, error as Error)
    }
    this.#answered = new Set([batch.id])
    this.#view.latest = after
    const idAt = (number: number) => after.rows.get(number)?.[indexOfIds(after)]
    // Google applies a batch as a whole, so its first and last row are enough to check.
    if (idAt(row) !== entries[0]?.id || idAt(last) !== entries.at(-1)?.id)
      return this.#endWithFoundRows(batch, after)
    const rows = new Map(entries.map(({ id }, n) => [id, row + n]))
    await this.#ledger.end(batch, rows)
    return rows
  }

  /** If it is unknown whether the batch was applied, it stays open: the next writer settles it. */
  async #endRefused(batch: RowBatch, error: Error): Promise<RowNumbers | Error> {
    const status = statusOf(error)
    if (status < 400 || status >= 500 || status === 408) throw error
    if (status === 400) {
      const snapshot = await this.#view.read()
      if (hasMark(snapshot, batch)) return this.#endWithFoundRows(batch, snapshot)
    }
    await this.#ledger.end(batch, new Map())
    if (status !== 400) throw error
    return error
  }
}

const hasMark = ({ batchMarks }: TabSnapshot, batch: RowBatch): boolean =>
  batchMarks.some(({ id }) => id === batch.id)

const pick = (rows: RowNumbers, ids: string[]): RowNumbers =>
  new Map(ids.flatMap((id) => (rows.has(id) ? [[id, rows.get(id) as number]] : [])))

/** As few spans as possible, and none outside the grid: Google would refuse them, and no row can be there. */
function toSpans(rows: number[], rowCount: number): Spans {
  const spans: Spans = []
  for (const row of rows.toSorted((a, b) => a - b)) {
    if (row > rowCount) break
    const last = spans.at(-1)
    if (last && row <= last[1] + 1) last[1] = row
    else spans.push([row, row])
  }
  return spans
}
