// Requests that set how numbers are shown. They change only the number format of the cells they name; colours, fonts and other
// formats that people chose stay.
import type { sheets_v4 } from '@googleapis/sheets'
import { type Cell, type DateCell, isDateCell } from '../row.ts'

type Request = sheets_v4.Schema$Request

const patterns: Record<DateCell['format'], string> = {
  DATE: 'yyyy-mm-dd',
  DATE_TIME: 'yyyy-mm-dd hh:mm:ss',
}
const fields = 'userEnteredFormat.numberFormat'

/** One request for each column that has dates. `cells`: rows from `row` on (1-based), their first cell in `column` (0-based). */
export function formatDates(
  sheetId: number,
  { row, column, cells }: { row: number; column: number; cells: Cell[][] },
): Request[] {
  const formats = new Map<number, DateCell['format']>()
  for (const values of cells) {
    for (const [index, cell] of values.entries())
      if (isDateCell(cell)) formats.set(index, cell.format)
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

/** A new column inherits the format of the column before it. If that has dates, numbers would be shown as days. */
export const clearFormat = (
  sheetId: number,
  { at, count }: { at: number; count: number },
): Request => ({
  repeatCell: {
    range: { sheetId, startColumnIndex: at, endColumnIndex: at + count },
    cell: {},
    fields,
  },
})
