// Requests that add, delete and move rows and columns.
import * as z from 'zod'
import { isOneCell } from '../../store/box.ts'
import type { Dimension } from '../../store/metadata.ts'
import type { Spreadsheet } from '../../store/open-store.ts'
import type { Tab } from '../../store/tabs.ts'
import { invalid } from '../google-error.ts'
import { tabOf } from '../grid-range.ts'
import { request } from './define-request.ts'
import {
  type Shift,
  shiftOnDelete,
  shiftOnInsert,
  shiftOnMove,
  spanAfter,
} from './shift-positions.ts'
import { resize } from './tab-requests.ts'

const dimension = z.enum(['ROWS', 'COLUMNS'])
const range = z.object({
  sheetId: z.int().default(0),
  dimension,
  startIndex: z.int().min(0).default(0),
  endIndex: z.int().min(1).optional(),
})
const bounded = range.extend({ endIndex: z.int().min(1) })

const appendDimension = request(
  z.object({ sheetId: z.int().default(0), dimension, length: z.int().min(1) }),
  (spreadsheet, { sheetId, dimension, length }) => {
    const tab = tabOf(spreadsheet, sheetId)
    const side = sideOf(dimension)
    resize(spreadsheet, tab, { [side]: tab[side] + length })
    return {}
  },
)

const insertDimension = request(
  z.object({ range: bounded, inheritFromBefore: z.boolean().default(false) }),
  (spreadsheet, { range: { sheetId, dimension, startIndex, endIndex }, inheritFromBefore }) => {
    const tab = tabOf(spreadsheet, sheetId)
    const { cells } = spreadsheet.store
    const side = sideOf(dimension)
    const length = endIndex - startIndex
    const last = inheritFromBefore ? tab[side] : tab[side] - 1
    if (length < 1 || startIndex > last) {
      throw invalid(
        `range.startIndex[${startIndex}] must be at most ${last}: the grid has ${tab[side]} ${dimension}, ` +
          `and inheritFromBefore is ${inheritFromBefore}`,
      )
    }
    if (inheritFromBefore && startIndex === 0)
      throw invalid('inheritFromBefore cannot be true if startIndex is 0')
    resize(spreadsheet, tab, { [side]: tab[side] + length })
    if (dimension === 'ROWS') cells.insertRows(tab.key, startIndex, length)
    if (dimension === 'COLUMNS') cells.insertColumns(tab.key, startIndex, length)
    shiftAttached(spreadsheet, { tab, dimension, shift: shiftOnInsert(startIndex, length) })
    return {}
  },
)

const deleteDimension = request(z.object({ range }), (spreadsheet, { range }) => {
  const { sheetId, dimension, startIndex } = range
  const tab = tabOf(spreadsheet, sheetId)
  const { cells } = spreadsheet.store
  const side = sideOf(dimension)
  const endIndex = Math.min(range.endIndex ?? tab[side], tab[side])
  const length = endIndex - startIndex
  if (length < 1) throw invalid(`Cannot delete a ${dimension.slice(0, -1)} that doesn't exist.`)
  if (length === tab[side]) throw invalid(`You can't delete all the ${dimension} on the sheet.`)
  if (dimension === 'ROWS') cells.deleteRows(tab.key, startIndex, endIndex)
  if (dimension === 'COLUMNS') cells.deleteColumns(tab.key, startIndex, endIndex)
  shiftAttached(spreadsheet, { tab, dimension, shift: shiftOnDelete(startIndex, endIndex) })
  spreadsheet.store.tabs.update({ ...tab, [side]: tab[side] - length })
  return {}
})

const moveDimension = request(
  z.object({ source: bounded, destinationIndex: z.int().min(0) }),
  (
    spreadsheet,
    { source: { sheetId, dimension, startIndex: start, endIndex: end }, destinationIndex },
  ) => {
    const tab = tabOf(spreadsheet, sheetId)
    const side = sideOf(dimension)
    if (end <= start || end > tab[side] || destinationIndex > tab[side])
      throw invalid(
        `Expected ${dimension} within the grid of ${tab[side]}, found ${start} to ${end}`,
      )
    if (destinationIndex >= start && destinationIndex <= end) {
      if (destinationIndex > start && destinationIndex < end)
        throw invalid('The destination index cannot be within the source')
      return {}
    }
    const shift = shiftOnMove({ start, end, to: destinationIndex })
    refuseTorn(spreadsheet, { tab, dimension, shift })
    if (dimension === 'ROWS')
      spreadsheet.store.cells.moveRows(tab.key, { start, end, to: destinationIndex })
    else spreadsheet.store.cells.moveColumns(tab.key, { start, end, to: destinationIndex })
    shiftAttached(spreadsheet, { tab, dimension, shift })
    return {}
  },
)

export const dimensionRequests = {
  appendDimension,
  insertDimension,
  deleteDimension,
  moveDimension,
}

const sideOf = (dimension: Dimension) =>
  dimension === 'ROWS' ? ('rowCount' as const) : ('columnCount' as const)

const endsOf = (dimension: Dimension) =>
  dimension === 'ROWS' ? (['top', 'bottom'] as const) : (['left', 'right'] as const)

type Change = { tab: Tab; dimension: Dimension; shift: Shift }

/** A merge can only be moved as a whole. */
function refuseTorn({ store }: Spreadsheet, { tab, dimension, shift }: Change): void {
  const [from, to] = endsOf(dimension)
  const torn = store.merges.ofTab(tab.key).some((box) => {
    const [start = 0, end = 0] = spanAfter(box[from], box[to], shift) ?? []
    return end - start !== box[to] - box[from]
  })
  if (torn) throw invalid('You must select all cells in a merged range to move them')
}

/** Moves metadata and merges with their rows and columns. */
function shiftAttached(spreadsheet: Spreadsheet, { tab, dimension, shift }: Change): void {
  const { merges, metadata } = spreadsheet.store
  metadata.shift(spreadsheet.id, { sheetId: tab.sheetId, dimension }, shift)
  const before = merges.ofTab(tab.key)
  if (before.length === 0) return
  const [from, to] = endsOf(dimension)
  const after = before.flatMap((box) => {
    const span = spanAfter(box[from], box[to], shift)
    if (!span) return []
    const next = { ...box, [from]: span[0], [to]: span[1] }
    return isOneCell(next) ? [] : [next]
  })
  merges.replace(tab.key, after)
}
