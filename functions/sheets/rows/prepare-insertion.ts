// Reads what is needed to decide where new rows go, and marks columns that are known only by their headers.
import { columnLetters } from '../google/a1.ts'
import type { TabSnapshot } from '../google/tab-snapshot.ts'
import type { Column } from '../row.ts'
import { findColumns, idColumn } from './columns.ts'
import { findInsertionPoint, type InsertionPoint, usedRows } from './insertion-point.ts'
import { markColumns } from './mark-columns.ts'
import { noIdColumn, type Spans, type TabView } from './tab-view.ts'

/** `next`: the row below the last one written here, by the ledger. `view`: of a tab that is open. */
export async function prepareInsertion(
  view: TabView,
  columns: Column[],
  next: number,
): Promise<InsertionPoint> {
  const snapshot = await readFrom(view, next - 1, columns)
  const found = findColumns(snapshot, columns)
  if (found.missing.some(({ name }) => name === idColumn)) {
    if (next > 2) throw noIdColumn(view.tab)
    return prepareFirstRows(view, snapshot, columns)
  }
  if (found.unmarked.length > 0) {
    view.latest = await markColumns(view.tab, snapshot, found)
    return prepareInsertion(view, columns, next)
  }
  if (usedRows(snapshot, [...found.at.values()]).length > 0 || next <= 2) {
    const width = found.missing.length > 0 ? await usedWidth(view, snapshot) : 0
    return findInsertionPoint(snapshot, columns, { lastRow: 0, width })
  }
  // Rows were deleted: start at the last id.
  const ids = await view.readIds(snapshot)
  const last = [...ids.values()].reduce((max, row) => Math.max(max, row), 1)
  return prepareInsertion(view, columns, last + 1)
}

/** Reads all rows from `row` on. If columns are missing, the header is needed, so one that was missing is searched again. */
async function readFrom(view: TabView, row: number, columns: Column[]): Promise<TabSnapshot> {
  const spans = (rowCount: number): Spans => [[Math.min(Math.max(1, row), rowCount), rowCount]]
  const snapshot = await view.read(spans)
  const again = findColumns(snapshot, columns).missing.length > 0 && view.searchHeaderAgain()
  return again ? view.read(spans) : snapshot
}

/** How many columns from the left are used in any row. Reads only the columns right of ours, which are usually empty. */
async function usedWidth(
  { tab }: TabView,
  { markedColumns, columnCount }: TabSnapshot,
): Promise<number> {
  const ours = markedColumns.reduce((max, { index }) => Math.max(max, index + 1), 0)
  if (ours >= columnCount) return ours
  const others = `${columnLetters(ours)}:${columnLetters(columnCount - 1)}`
  return ours + widthOf(await tab.texts(others))
}

/** For an empty tab, or one of a person: new rows go below everything in it. */
async function prepareFirstRows(
  { tab }: TabView,
  snapshot: TabSnapshot,
  columns: Column[],
): Promise<InsertionPoint> {
  const texts = await tab.texts()
  const used = { lastRow: Math.max(1, texts.length), width: widthOf(texts) }
  const found = findColumns(snapshot, columns)
  const marked = found.unmarked.length > 0 ? await markColumns(tab, snapshot, found) : snapshot
  return findInsertionPoint(marked, columns, used)
}

const widthOf = (texts: string[][]): number =>
  texts.reduce((max, cells) => Math.max(max, cells.length), 0)
