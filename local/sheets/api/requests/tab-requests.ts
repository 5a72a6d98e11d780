// The requests that make, change and remove tabs.
import * as z from 'zod'
import { END } from '../../store/cells.ts'
import type { Book } from '../../store/open-store.ts'
import { newTab, type Tab, tabProperties } from '../../store/tabs.ts'
import { parseMask, selects } from '../field-mask.ts'
import { invalid } from '../google-error.ts'
import { randomId, request, tabOf } from './define-request.ts'

const maxCells = 10_000_000
const maxColumns = 18_278

const count = z.int().min(1)
const id = z.int().min(0)
export const newTabProperties = z
  .object({
    sheetId: id.optional(),
    title: z.string().min(1).max(100).optional(),
    index: z.int().min(0).optional(),
    gridProperties: z
      .object({
        rowCount: count.default(newTab.rowCount),
        columnCount: count.default(newTab.columnCount),
      })
      .prefault({}),
  })
  .prefault({})

export function addTab(book: Book, wanted: z.output<typeof newTabProperties>): Tab {
  const { store } = book
  const tabs = store.tabs.all(book.id)
  const tab = {
    sheetId: wanted.sheetId ?? randomId(),
    title: wanted.title ?? `Sheet${tabs.length + 1}`,
    index: Math.min(wanted.index ?? tabs.length, tabs.length),
    ...wanted.gridProperties,
  }
  refuseTakenTitle(book, tab.title)
  if (store.tabs.byId(book.id, tab.sheetId)) {
    throw invalid(`A sheet with the id ${tab.sheetId} already exists. Please choose another id.`)
  }
  store.tabs.add(book.id, tab)
  checkSize(book)
  return tabOf(book, tab.sheetId)
}

/** Cells that a smaller grid has no place for are gone. */
export function resize(book: Book, tab: Tab, { rowCount, columnCount }: Partial<Tab>): void {
  const next = {
    ...tab,
    rowCount: rowCount ?? tab.rowCount,
    columnCount: columnCount ?? tab.columnCount,
  }
  if (next.rowCount < tab.rowCount) book.store.cells.deleteLines(tab.key, next.rowCount, END)
  if (next.columnCount < tab.columnCount) {
    book.store.cells.deleteColumns(tab.key, next.columnCount, END)
  }
  book.store.tabs.update(next)
  checkSize(book)
}

const addSheet = request(z.object({ properties: newTabProperties }), (book, { properties }) => ({
  addSheet: { properties: tabProperties(addTab(book, properties)) },
}))

const changedProperties = z.object({
  sheetId: id.default(0),
  title: z.string().min(1).max(100).optional(),
  gridProperties: z
    .object({ rowCount: count.optional(), columnCount: count.optional() })
    .prefault({}),
})

const updateSheetProperties = request(
  z.object({
    properties: changedProperties,
    fields: z.string({ error: "At least one field must be listed in 'fields'." }).min(1),
  }),
  (book, { properties, fields }) => {
    const { sheetId, title, gridProperties } = properties
    const mask = parseMask(fields)
    const tab = tabOf(book, sheetId)
    if (title !== undefined && selects(mask, ['title']) && title !== tab.title) {
      if (title.toLowerCase() !== tab.title.toLowerCase()) refuseTakenTitle(book, title)
      book.store.tabs.update({ ...tab, title })
    }
    const size = (['rowCount', 'columnCount'] as const)
      .filter((side) => selects(mask, ['gridProperties', side]))
      .map((side) => [side, gridProperties[side]])
    resize(book, tabOf(book, sheetId), Object.fromEntries(size))
    return {}
  },
)

const deleteSheet = request(z.object({ sheetId: id }), (book, { sheetId }) => {
  const tab = tabOf(book, sheetId)
  const { cells, merges, metadata, tabs } = book.store
  if (tabs.all(book.id).length === 1) {
    throw invalid("You can't remove all the sheets in a document.")
  }
  cells.deleteLines(tab.key, 0, END)
  merges.set(tab.key, [])
  for (const { metadataId } of metadata.on(book.id, sheetId)) metadata.remove(book.id, metadataId)
  tabs.remove(book.id, tab)
  return {}
})

export const tabRequests = { addSheet, updateSheetProperties, deleteSheet }

function refuseTakenTitle({ store, id }: Book, title: string): void {
  if (!store.tabs.byTitle(id, title)) return
  throw invalid(`A sheet with the name "${title}" already exists. Please enter another name.`)
}

function checkSize({ store, id }: Book): void {
  const tabs = store.tabs.all(id)
  if (tabs.reduce((sum, tab) => sum + tab.rowCount * tab.columnCount, 0) > maxCells) {
    throw invalid(
      'This action would increase the number of cells in the workbook ' +
        `above the limit of ${maxCells} cells.`,
    )
  }
  if (tabs.some((tab) => tab.columnCount > maxColumns)) {
    throw invalid(
      `This action would increase the number of columns above the limit of ${maxColumns}.`,
    )
  }
}
