// A1 notation: text to boxes and back. On purpose this shares no code with functions/sheets/google, like the rest of the
// emulator: otherwise a bug there would be in the emulator too, and no test would find it.
import type { Box } from '../store/box.ts'

/** As written: one-based and inclusive. `A5:A` has no bottom, `1:1` no left and right. */
export type Corners = {
  from: { row?: number; column?: number }
  to: { row?: number; column?: number }
  /** One cell, such as `A5`: where writing starts, not a bound. */
  single: boolean
}

export type A1 = { title?: string; corners?: Corners }

const alphabet = 26

export function columnName(index: number): string {
  const rest = index % alphabet
  const head = index < alphabet ? '' : columnName(Math.floor(index / alphabet) - 1)
  return head + String.fromCharCode(65 + rest)
}

const columnNumber = (name: string) =>
  [...name.toUpperCase()].reduce((sum, letter) => sum * alphabet + letter.charCodeAt(0) - 64, 0)

const corner = (column?: string, row?: string) => ({
  ...(column && { column: columnNumber(column) }),
  ...(row && { row: Number(row) }),
})

export function parseCorners(text: string): Corners | undefined {
  const pattern = /^([A-Z]{1,3})?([1-9]\d{0,7})?(:)?([A-Z]{1,3})?([1-9]\d{0,7})?$/i
  const match = pattern.exec(text.replaceAll('$', ''))
  if (!match) return undefined
  const [, column, row, colon, endColumn, endRow] = match
  if (!colon) {
    if (!column || !row || endColumn || endRow) return undefined
    return { from: corner(column, row), to: corner(column, row), single: true }
  }
  if (!(column || row) || !(endColumn || endRow)) return undefined
  return { from: corner(column, row), to: corner(endColumn, endRow), single: false }
}

/** `Responses!A1:C10`, `'Responses 2'!A5:A`, `'Responses 2'`. Undefined for a bare word, which may be the title of a tab. */
export function parseA1(text: string): A1 | undefined {
  const quoted = /^'((?:[^']|'')+)'(?:!(.+))?$/.exec(text)
  if (quoted) return withCorners(quoted[1]!.replaceAll("''", "'"), quoted[2])
  const mark = text.lastIndexOf('!')
  if (mark > 0) return withCorners(text.slice(0, mark), text.slice(mark + 1))
  const corners = parseCorners(text)
  return corners && { corners }
}

function withCorners(title: string, cells: string | undefined): A1 | undefined {
  if (cells === undefined) return { title }
  const corners = parseCorners(cells)
  return corners && { title, corners }
}

/** Open sides end where the grid ends. */
export function toBox({ from, to }: Corners, grid: { rows: number; columns: number }): Box {
  const rows = [from.row ?? 1, to.row ?? grid.rows]
  const columns = [from.column ?? 1, to.column ?? grid.columns]
  // B2:A1 means A1:B2. A2000:A stays beyond the grid and is refused later.
  const turnRows = to.row !== undefined && rows[1]! < rows[0]!
  const turnColumns = to.column !== undefined && columns[1]! < columns[0]!
  const [top, bottom] = turnRows ? rows.toReversed() : rows
  const [left, right] = turnColumns ? columns.toReversed() : columns
  return { top: top! - 1, left: left! - 1, bottom: bottom!, right: right! }
}

const quote = (title: string) =>
  /^[A-Za-z_]\w*$/.test(title) ? title : `'${title.replaceAll("'", "''")}'`

export function formatRange(title: string, { top, left, bottom, right }: Box): string {
  const start = `${columnName(left)}${top + 1}`
  const end = `${columnName(Math.max(right - 1, left))}${Math.max(bottom, top + 1)}`
  return `${quote(title)}!${start === end ? start : `${start}:${end}`}`
}
