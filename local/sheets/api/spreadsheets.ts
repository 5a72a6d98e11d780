// Google's `spreadsheets.get` and `spreadsheets.create`: tabs, merges and metadata of a spreadsheet, and on request its cells.
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Box } from '../store/box.ts'
import {
  type Cell,
  displayText,
  isFormatted,
  plainValue,
  toUserEnteredFormat,
} from '../store/cell-values.ts'
import { type Dimension, toResource } from '../store/metadata.ts'
import type { Spreadsheet, Store } from '../store/open-store.ts'
import { newTab, type Tab, tabProperties } from '../store/tabs.ts'
import { type FieldMask, selects } from './field-mask.ts'
import { findRange, type Range } from './find-range.ts'
import { check } from './google-error.ts'
import { addTab, newTabProperties } from './requests/tab-requests.ts'

const newSpreadsheet = z.object({
  spreadsheetId: z.string().optional(),
  properties: z.object({ title: z.string().default('Untitled spreadsheet') }).prefault({}),
  sheets: z.array(z.object({ properties: newTabProperties })).default([]),
})

export function createSpreadsheet(store: Store, body: unknown): Spreadsheet {
  const { properties, sheets } = check(newSpreadsheet, body)
  const spreadsheet = { store, id: randomUUID().replaceAll('-', '') }
  store.tabs.create(spreadsheet.id, properties.title)
  for (const sheet of sheets) addTab(spreadsheet, sheet.properties)
  if (sheets.length === 0) store.tabs.add(spreadsheet.id, { ...newTab, index: 0 })
  return spreadsheet
}

type GetOptions = { ranges: string[]; includeGridData: boolean; mask: FieldMask }

export function getSpreadsheet(
  spreadsheet: Spreadsheet,
  { ranges, includeGridData, mask }: GetOptions,
) {
  const { store, id } = spreadsheet
  const found = ranges.map((text) => findRange(spreadsheet, text))
  const tabs = found.length ? uniqueTabs(found) : store.tabs.all(id)
  // As with Google, includeGridData is ignored if there is a mask.
  const withData = mask === true ? includeGridData : selects(mask, ['sheets', 'data'])
  const metadata = store.metadata.ofTab(id, null).map(toResource)
  return {
    spreadsheetId: id,
    properties: { title: store.tabs.titleOf(id) },
    sheets: tabs.map((tab) => ({
      properties: tabProperties(tab),
      ...(withData && { data: tabData(spreadsheet, tab, { ranges: found, mask }) }),
      ...mergesOf(spreadsheet, tab),
      ...metadataOf(spreadsheet, tab),
    })),
    ...(metadata.length && { developerMetadata: metadata }),
  }
}

/** Metadata of the tab itself; that of rows and columns is returned with these. */
function metadataOf({ store, id }: Spreadsheet, { sheetId }: Tab) {
  const own = store.metadata.ofTab(id, sheetId).filter(({ dimension }) => dimension === null)
  return own.length ? { developerMetadata: own.map(toResource) } : {}
}

function mergesOf({ store }: Spreadsheet, { key, sheetId }: Tab) {
  const merges = store.merges.ofTab(key).map(({ top, left, bottom, right }) => ({
    sheetId,
    startRowIndex: top,
    endRowIndex: bottom,
    startColumnIndex: left,
    endColumnIndex: right,
  }))
  return merges.length ? { merges } : {}
}

function tabData(
  spreadsheet: Spreadsheet,
  tab: Tab,
  { ranges, mask }: { ranges: Range[]; mask: FieldMask },
) {
  const asked = ranges.filter((range) => range.tab.key === tab.key).map(({ box }) => box)
  const wants = (field: string) => selects(mask, ['sheets', 'data', field])
  const all = { top: 0, left: 0, bottom: tab.rowCount, right: tab.columnCount }
  return (asked.length ? asked : [all]).map((box) => {
    const rowData = wants('rowData') ? rowsOf(spreadsheet, tab, box) : []
    // Like Google, leaves out zeros.
    return {
      ...(box.top && { startRow: box.top }),
      ...(box.left && { startColumn: box.left }),
      ...(rowData.length && { rowData }),
      ...(wants('rowMetadata') && {
        rowMetadata: dimensionMetadata(spreadsheet, tab, ['ROWS', box.top, box.bottom]),
      }),
      ...(wants('columnMetadata') && {
        columnMetadata: dimensionMetadata(spreadsheet, tab, ['COLUMNS', box.left, box.right]),
      }),
    }
  })
}

function rowsOf({ store }: Spreadsheet, tab: Tab, box: Box): object[] {
  const rowData: object[] = []
  for (const { number, cells } of store.cells.read(tab.key, box)) {
    while (rowData.length < number - box.top) rowData.push({})
    rowData.push({ values: cells.map(cellData) })
  }
  return rowData
}

/** The metadata of each row or column from `start` to before `end`. */
function dimensionMetadata(
  { store, id }: Spreadsheet,
  { sheetId }: Tab,
  [dimension, start, end]: [Dimension, number, number],
): object[] {
  const own = store.metadata.ofTab(id, sheetId).filter((one) => one.dimension === dimension)
  const at = Map.groupBy(own, ({ position }) => position)
  return Array.from({ length: end - start }, (_, n) => {
    const here = at.get(start + n)
    return here ? { developerMetadata: here.map(toResource) } : {}
  })
}

function cellData(cell: Cell | null): object {
  if (cell === null) return {}
  const value = plainValue(cell)
  const entered = { [`${typeof value === 'boolean' ? 'bool' : typeof value}Value`]: value }
  return {
    userEnteredValue: entered,
    effectiveValue: entered,
    ...(isFormatted(cell) && { userEnteredFormat: toUserEnteredFormat(cell) }),
    formattedValue: displayText(cell),
  }
}

function uniqueTabs(ranges: Range[]): Tab[] {
  const tabs = new Map(ranges.map(({ tab }) => [tab.key, tab]))
  return [...tabs.values()].sort((one, other) => one.index - other.index)
}
