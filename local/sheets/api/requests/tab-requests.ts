// Requests that add, change and delete tabs.
import * as z from 'zod'
import { END } from '../../store/cells.ts'
import type { Spreadsheet } from '../../store/open-store.ts'
import { newTab, type Tab, tabProperties } from '../../store/tabs.ts'
import { parseFieldMask, selects } from '../field-mask.ts'
import { invalid } from '../google-error.ts'
import { tabOf } from '../grid-range.ts'
import { randomId, request } from './define-request.ts'

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

export function addTab(spreadsheet: Spreadsheet, wanted: z.output<typeof newTabProperties>): Tab {
  const { store } = spreadsheet
  const tabs = store.tabs.all(spreadsheet.id)
  const tab = {
    sheetId: wanted.sheetId ?? randomId(),
    title: wanted.title ?? `Sheet${tabs.length + 1}`,
    index: Math.min(wanted.index ?? tabs.length, tabs.length),
    ...wanted.gridProperties,
  }
  refuseTakenTitle(spreadsheet, tab.title)
  if (store.tabs.byId(spreadsheet.id, tab.sheetId)) {
    throw invalid(`A sheet with the id ${tab.sheetId} already exists. Please choose another id.`)
  }
  store.tabs.add(spreadsheet.id, tab)
  checkSize(spreadsheet)
  return tabOf(spreadsheet, tab.sheetId)
}

/** Cells outside of a smaller grid are deleted. */
export function resize(
  spreadsheet: Spreadsheet,
  tab: Tab,
  { rowCount, columnCount }: Partial<Tab>,
): void {
  const next = {
    ...tab,
    rowCount: rowCount ?? tab.rowCount,
    columnCount: columnCount ?? tab.columnCount,
  }
  if (next.rowCount < tab.rowCount) spreadsheet.store.cells.deleteRows(tab.key, next.rowCount, END)
  if (next.columnCount < tab.columnCount) {
    spreadsheet.store.cells.deleteColumns(tab.key, next.columnCount, END)
  }
  spreadsheet.store.tabs.update(next)
  checkSize(spreadsheet)
}

const addSheet = request(
  z.object({ properties: newTabProperties }),
  (spreadsheet, { properties }) => ({
    addSheet: { properties: tabProperties(addTab(spreadsheet, properties)) },
  }),
)

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
  (spreadsheet, { properties, fields }) => {
    const { sheetId, title, gridProperties } = properties
    const mask = parseFieldMask(fields)
    const tab = tabOf(spreadsheet, sheetId)
    if (title !== undefined && selects(mask, ['title']) && title !== tab.title) {
      if (title.toLowerCase() !== tab.title.toLowerCase()) refuseTakenTitle(spreadsheet, title)
      spreadsheet.store.tabs.update({ ...tab, title })
    }
    const size = (['rowCount', 'columnCount'] as const)
      .filter((side) => selects(mask, ['gridProperties', side]))
      .map((side) => [side, gridProperties[side]])
    resize(spreadsheet, tabOf(spreadsheet, sheetId), Object.fromEntries(size))
    return {}
  },
)

const deleteSheet = request(z.object({ sheetId: id }), (spreadsheet, { sheetId }) => {
  const tab = tabOf(spreadsheet, sheetId)
  const { cells, merges, metadata, tabs } = spreadsheet.store
  if (tabs.all(spreadsheet.id).length === 1) {
    throw invalid("You can't remove all the sheets in a document.")
  }
  cells.deleteRows(tab.key, 0, END)
  merges.replace(tab.key, [])
  for (const { metadataId } of metadata.ofTab(spreadsheet.id, sheetId))
    metadata.remove(spreadsheet.id, metadataId)
  tabs.remove(spreadsheet.id, tab)
  return {}
})

export const tabRequests = { addSheet, updateSheetProperties, deleteSheet }

function refuseTakenTitle({ store, id }: Spreadsheet, title: string): void {
  if (!store.tabs.byTitle(id, title)) return
  throw invalid(`A sheet with the name "${title}" already exists. Please enter another name.`)
}

function checkSize({ store, id }: Spreadsheet): void {
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
