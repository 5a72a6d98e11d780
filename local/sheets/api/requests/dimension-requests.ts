// The requests that make a grid longer, wider or smaller, or move its rows and columns about.
import * as z from 'zod'
import type { Dimension } from '../../store/metadata.ts'
import type { Book } from '../../store/open-store.ts'
import type { Tab } from '../../store/tabs.ts'
import { invalid } from '../google-error.ts'
import { request, tabOf } from './define-request.ts'
import { deleted, inserted, type Moved, moved, spanAfter } from './shift-positions.ts'
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
  (book, { sheetId, dimension, length }) => {
    const tab = tabOf(book, sheetId)
    const side = sideOf(dimension)
    resize(book, tab, { [side]: tab[side] + length })
    return {}
  },
)

const insertDimension = request(
  z.object({ range: bounded, inheritFromBefore: z.boolean().default(false) }),
  (book, { range: { sheetId, dimension, startIndex, endIndex }, inheritFromBefore }) => {
    const tab = tabOf(book, sheetId)
    const { cells } = book.store
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
    resize(book, tab, { [side]: tab[side] + length })
    if (dimension === 'ROWS') cells.insertLines(tab.key, startIndex, length)
    if (dimension === 'COLUMNS') cells.insertColumns(tab.key, startIndex, length)
    follow(book, { tab, dimension, move: inserted(startIndex, length) })
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
  follow(book, { tab, dimension, move: deleted(startIndex, endIndex) })
  book.store.tabs.update({ ...tab, [side]: tab[side] - length })
  return {}
})

const moveDimension = request(
  z.object({ source: bounded, destinationIndex: z.int().min(0) }),
  (
    book,
    { source: { sheetId, dimension, startIndex: start, endIndex: end }, destinationIndex },
  ) => {
    const tab = tabOf(book, sheetId)
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
    const move = moved({ start, end, to: destinationIndex })
    refuseTorn(book, { tab, dimension, move })
    if (dimension === 'ROWS')
      book.store.cells.moveLines(tab.key, { start, end, to: destinationIndex })
    else book.store.cells.moveColumns(tab.key, { start, end, to: destinationIndex })
    follow(book, { tab, dimension, move })
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

type Change = { tab: Tab; dimension: Dimension; move: Moved }

/** A merge moves as a whole or not at all. */
function refuseTorn({ store }: Book, { tab, dimension, move }: Change): void {
  const [from, to] = endsOf(dimension)
  const torn = store.merges.of(tab.key).some((box) => {
    const [start = 0, end = 0] = spanAfter(box[from], box[to], move) ?? []
    return end - start !== box[to] - box[from]
  })
  if (torn) throw invalid('You must select all cells in a merged range to move them')
}

/** Metadata and merges go with their rows and columns. */
function follow(book: Book, { tab, dimension, move }: Change): void {
  const { merges, metadata } = book.store
  metadata.follow(book.id, { sheetId: tab.sheetId, dimension }, move)
  const before = merges.of(tab.key)
  if (before.length === 0) return
  const [from, to] = endsOf(dimension)
  const after = before.flatMap((box) => {
    const span = spanAfter(box[from], box[to], move)
    if (!span) return []
    const next = { ...box, [from]: span[0], [to]: span[1] }
    return next.bottom - next.top === 1 && next.right - next.left === 1 ? [] : [next]
  })
  merges.set(tab.key, after)
}
