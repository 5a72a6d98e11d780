// The requests that say how numbers in cells are shown. Their mask names the number's format alone, and their range the cells of
// one column: the colours, fonts and formats that people gave stay.
import type { Cell, Moment } from '../rows/columns.ts'
import type { Request } from './requests.ts'

const patterns: Record<Moment['format'], string> = {
  DATE: 'yyyy-mm-dd',
  DATE_TIME: 'yyyy-mm-dd hh:mm:ss',
}
const fields = 'userEnteredFormat.numberFormat'

/** `cells`: of rows from a row on, the first one in a column. One request for each column that holds days or times. */
export function formatMoments(
  sheetId: number,
  { row, column, cells }: { row: number; column: number; cells: Cell[][] },
): Request[] {
  const formats = new Map<number, Moment['format']>()
  for (const values of cells) {
    for (const [index, cell] of values.entries())
      if (isMoment(cell)) formats.set(index, cell.format)
  }
  return [...formats].map(([index, type]) => ({
    repeatCell: {
      range: {
        sheetId,
        startRowIndex: row - 1,
        endRowIndex: row - 1 + cells.length,
        startColumnIndex: column + index,
        endColumnIndex: column + index + 1,
      },
      cell: { userEnteredFormat: { numberFormat: { type, pattern: patterns[type] } } },
      fields,
    },
  }))
}

/** A new column inherits the format of the one before it, which may be of dates: a number would be shown as a day. */
export const unformat = (
  sheetId: number,
  { at, count }: { at: number; count: number },
): Request => ({
  repeatCell: {
    range: { sheetId, startColumnIndex: at, endColumnIndex: at + count },
    cell: {},
    fields,
  },
})

export const isMoment = (cell: Cell): cell is Moment => typeof cell === 'object' && cell !== null
