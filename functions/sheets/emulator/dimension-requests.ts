// The requests that make a grid longer, wider or smaller.
import * as z from 'zod'
import { invalid } from './google-error.ts'
import { request, tabOf } from './request.ts'
import { resize } from './tab-requests.ts'

const dimension = z.enum(['ROWS', 'COLUMNS'])
const range = z.object({
  sheetId: z.int().default(0),
  dimension,
  startIndex: z.int().min(0).default(0),
  endIndex: z.int().min(1).optional(),
})

const appendDimension = request(
  z.object({ sheetId: z.int().default(0), dimension, length: z.int().min(1) }),
  (book, { sheetId, dimension, length }) => {
    const tab = tabOf(book, sheetId)
    const side = sideOf(dimension)
    resize(book, tab, { [side]: tab[side] + length })
    return {}
  },
)

const insertDimension = request(
  z.object({ range: range.extend({ endIndex: z.int().min(1) }) }),
  (book, { range: { sheetId, dimension, startIndex, endIndex } }) => {
    const tab = tabOf(book, sheetId)
    const { cells } = book.store
    const side = sideOf(dimension)
    const length = endIndex - startIndex
    if (length < 1 || startIndex > tab[side]) {
      throw invalid(`Expected a range within the ${tab[side]} ${dimension}, found ${startIndex}`)
    }
    resize(book, tab, { [side]: tab[side] + length })
    if (dimension === 'ROWS') cells.insertLines(tab.key, startIndex, length)
    if (dimension === 'COLUMNS') cells.insertColumns(tab.key, startIndex, length)
    return {}
  },
)

const deleteDimension = request(z.object({ range }), (book, { range }) => {
  const { sheetId, dimension, startIndex } = range
  const tab = tabOf(book, sheetId)
  const { cells } = book.store
  const side = sideOf(dimension)
  const endIndex = Math.min(range.endIndex ?? tab[side], tab[side])
  const length = endIndex - startIndex
  if (length < 1) throw invalid(`Cannot delete a ${dimension.slice(0, -1)} that doesn't exist.`)
  if (length === tab[side]) throw invalid(`You can't delete all the ${dimension} on the sheet.`)
  if (dimension === 'ROWS') cells.deleteLines(tab.key, startIndex, endIndex)
  if (dimension === 'COLUMNS') cells.deleteColumns(tab.key, startIndex, endIndex)
  book.store.tabs.update({ ...tab, [side]: tab[side] - length })
  return {}
})

export const dimensionRequests = { appendDimension, insertDimension, deleteDimension }

const sideOf = (dimension: 'ROWS' | 'COLUMNS') =>
  dimension === 'ROWS' ? ('rowCount' as const) : ('columnCount' as const)
