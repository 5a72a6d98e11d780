// Google's GridRange: a box in a tab. Sides that are not given are open.
import * as z from 'zod'
import type { Box } from '../store/box.ts'
import type { Spreadsheet } from '../store/open-store.ts'
import type { Tab } from '../store/tabs.ts'
import { invalid } from './google-error.ts'

const index = z.int().min(0)
export const gridRange = z.object({
  sheetId: z.int().default(0),
  startRowIndex: index.default(0),
  endRowIndex: index.optional(),
  startColumnIndex: index.default(0),
  endColumnIndex: index.optional(),
})
export const coordinate = z.object({
  sheetId: z.int().default(0),
  rowIndex: index.default(0),
  columnIndex: index.default(0),
})

export function boxOf(
  spreadsheet: Spreadsheet,
  range: z.output<typeof gridRange>,
): { tab: Tab; box: Box } {
  const tab = tabOf(spreadsheet, range.sheetId)
  const box = {
    top: range.startRowIndex,
    left: range.startColumnIndex,
    bottom: range.endRowIndex ?? tab.rowCount,
    right: range.endColumnIndex ?? tab.columnCount,
  }
  if (box.bottom <= box.top || box.right <= box.left)
    throw invalid('Expected a range that ends after it begins')
  checkFits(tab, box)
  return { tab, box }
}

export function checkFits({ rowCount, columnCount }: Tab, { bottom, right }: Box): void {
  if (bottom > rowCount)
    throw invalid(
      `Attempting to write row: ${bottom}, beyond the last requested row of: ${rowCount}`,
    )
  if (right > columnCount)
    throw invalid(
      `Attempting to write column: ${right}, beyond the last requested column of: ${columnCount}`,
    )
}

export function tabOf({ store, id }: Spreadsheet, sheetId: number): Tab {
  const tab = store.tabs.byId(id, sheetId)
  if (!tab) throw invalid(`No grid with id: ${sheetId}`)
  return tab
}
