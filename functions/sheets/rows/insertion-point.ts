// Decides where the next rows of a tab go: below the last row that has anything in one of our columns. No calls.
import type { Merge, TabSnapshot } from '../google/tab-snapshot.ts'
import type { Column } from '../row.ts'
import { type FoundColumns, findColumns, idColumn, isHeader } from './columns.ts'

export interface InsertionPoint {
  snapshot: TabSnapshot
  columns: FoundColumns
  /** Number of the first new row. */
  row: number
  /** Index of the first new column. */
  newColumn: number
  /** Row that gets the headers of new columns, if known. */
  labelRow: number | undefined
}

export interface UsedCells {
  /** The last row that is known to be used. */
  lastRow: number
  /** Columns from the left of which any row uses one. */
  width: number
}

export function findInsertionPoint(
  snapshot: TabSnapshot,
  required: Column[],
  { lastRow, width }: UsedCells,
): InsertionPoint {
  const columns = findColumns(snapshot, required)
  const ours = [...columns.at.values(), ...snapshot.markedColumns.map(({ index }) => index)]
  const newColumn = Math.max(width, snapshot.header.length, ...ours.map((index) => index + 1))
  const header = isHeader(snapshot.header) ? snapshot.headerRow : 0
  const last = usedRows(snapshot, ours).reduce(
    (max, row) => Math.max(max, row),
    Math.max(lastRow, header),
  )
  const right =
    columns.missing.length > 0 ? newColumn + columns.missing.length : Math.max(...ours) + 1
  const left = Math.min(...ours, newColumn)
  const row = belowMerges(last + 1, { merges: snapshot.merges, left, right })
  return { snapshot, columns, row, newColumn, labelRow: labelRowOf(snapshot, columns) }
}

/** A row is used if one of our columns has anything in it. Columns of people, such as checkboxes, do not count. */
export const usedRows = (snapshot: TabSnapshot, ours: number[]): number[] =>
  [...snapshot.rows].flatMap(([row, cells]) => (ours.some((index) => cells[index]) ? [row] : []))

/** Undefined if the header is unknown: then new columns get none. A tab without rows of ours gets its header in row 1. */
function labelRowOf(
  { header, headerRow, headerMark }: TabSnapshot,
  { missing }: FoundColumns,
): number | undefined {
  if (isHeader(header) || headerMark !== undefined) return headerRow
  return missing.some(({ name }) => name === idColumn) ? 1 : undefined
}

/** Rows inserted within a merge would become part of it, and their values would be lost. */
function belowMerges(
  row: number,
  { merges, left, right }: { merges: Merge[]; left: number; right: number },
): number {
  const around = merges.find(
    (merge) =>
      merge.top < row - 1 && merge.bottom > row - 1 && merge.left < right && merge.right > left,
  )
  return around ? belowMerges(around.bottom + 1, { merges, left, right }) : row
}
