// Where the next rows of a tab go: below the last row in which one of our columns holds anything. Pure.

import type { Look, Merge } from '../google/tab-snapshot.ts'
import { type Columns, type Field, findColumns, idColumn, isHeader } from './columns.ts'

export interface Spot {
  look: Look
  columns: Columns
  /** The row that the first of them will be. */
  row: number
  /** Where new columns go. */
  newColumn: number
  /** The row in which new columns get their header, where that is known. */
  labelRow: number | undefined
}

export interface Known {
  fields: Field[]
  /** The last row that is known to be used. */
  lastUsed: number
  /** The columns that hold anything in any row: as many from the left. */
  width: number
}

export function findSpot(look: Look, { fields, lastUsed, width }: Known): Spot {
  const columns = columnsIn(look, fields)
  const ours = [...columns.at.values(), ...look.owned.map(({ index }) => index)]
  const newColumn = Math.max(width, look.header.length, ...ours.map((index) => index + 1))
  const used = usedRows(look, ours)
  const header = isHeader(look.header) ? look.headerRow : 0
  const last = used.reduce((most, row) => Math.max(most, row), Math.max(lastUsed, header))
  const right =
    columns.missing.length > 0 ? newColumn + columns.missing.length : Math.max(...ours) + 1
  const left = Math.min(...ours, newColumn)
  const row = belowMerges(last + 1, { merges: look.merges, left, right })
  return { look, columns, row, newColumn, labelRow: labelRowOf(look, columns) }
}

export const columnsIn = (look: Look, fields: Field[]): Columns =>
  findColumns(look.header, look.owned, fields)

/** What people keep in columns of their own, such as boxes to tick, is no use of a row. */
export const usedRows = (look: Look, ours: number[]): number[] =>
  [...look.rows].flatMap(([row, cells]) => (ours.some((index) => cells[index]) ? [row] : []))

/** Without a header that is known a new column gets none. A tab that has no rows of ours yet gets one in its first row. */
function labelRowOf(
  { header, headerRow, headerMark }: Look,
  { missing }: Columns,
): number | undefined {
  if (isHeader(header) || headerMark !== undefined) return headerRow
  return missing.some(({ name }) => name === idColumn) ? 1 : undefined
}

/** Rows that were inserted within a merge would belong to it, and what is written to them would vanish. */
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
