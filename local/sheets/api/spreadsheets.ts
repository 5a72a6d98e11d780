// Google's `spreadsheets.get` and `create`: what a spreadsheet is made of, and on request its cells.
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Cell } from '../store/cells.ts'
import { type Dimension, toResource } from '../store/metadata.ts'
import { formatOf, isDated, plain } from '../store/number-format.ts'
import type { Book, Store } from '../store/open-store.ts'
import { newTab, type Tab, tabProperties } from '../store/tabs.ts'
import type { Box } from './a1.ts'
import { type Mask, selects } from './field-mask.ts'
import { findRange, type Range } from './find-range.ts'
import { check } from './google-error.ts'
import { addTab, newTabProperties } from './requests/tab-requests.ts'
import { formatted } from './values.ts'

const newSpreadsheet = z.object({
  spreadsheetId: z.string().optional(),
  properties: z.object({ title: z.string().default('Untitled spreadsheet') }).prefault({}),
  sheets: z.array(z.object({ properties: newTabProperties })).default([]),
})

export function createSpreadsheet(store: Store, body: unknown): Book {
  const { properties, sheets } = check(newSpreadsheet, body)
  const book = { store, id: randomUUID().replaceAll('-', '') }
  store.tabs.create(book.id, properties.title)
  for (const sheet of sheets) addTab(book, sheet.properties)
  if (sheets.length === 0) store.tabs.add(book.id, { ...newTab, index: 0 })
  return book
}

type Asked = { ranges: string[]; includeGridData: boolean; mask: Mask }

export function getSpreadsheet(book: Book, { ranges, includeGridData, mask }: Asked) {
  const { store, id } = book
  const found = ranges.map((text) => findRange(book, text))
  const tabs = found.length ? uniqueTabs(found) : store.tabs.all(id)
  // As Google has it: a mask decides alone, whatever includeGridData says.
  const withData = mask === true ? includeGridData : selects(mask, ['sheets', 'data'])
  const metadata = store.metadata.on(id, null).map(toResource)
  return {
    spreadsheetId: id,
    properties: { title: store.tabs.titleOf(id) },
    sheets: tabs.map((tab) => ({
      properties: tabProperties(tab),
      ...(withData && { data: tabData(book, tab, { ranges: found, mask }) }),
      ...mergesOf(book, tab),
      ...metadataOf(book, tab),
    })),
    ...(metadata.length && { developerMetadata: metadata }),
  }
}

/** Of the tab itself: what is on its rows and columns stands with them. */
function metadataOf({ store, id }: Book, { sheetId }: Tab) {
  const own = store.metadata.on(id, sheetId).filter(({ dimension }) => dimension === null)
  return own.length ? { developerMetadata: own.map(toResource) } : {}
}

function mergesOf({ store }: Book, { key, sheetId }: Tab) {
  const merges = store.merges.of(key).map(({ top, left, bottom, right }) => ({
    sheetId,
    startRowIndex: top,
    endRowIndex: bottom,
    startColumnIndex: left,
    endColumnIndex: right,
  }))
  return merges.length ? { merges } : {}
}

function tabData(book: Book, tab: Tab, { ranges, mask }: { ranges: Range[]; mask: Mask }) {
  const asked = ranges.filter((range) => range.tab.key === tab.key).map(({ box }) => box)
  const wants = (field: string) => selects(mask, ['sheets', 'data', field])
  const all = { top: 0, left: 0, bottom: tab.rowCount, right: tab.columnCount }
  return (asked.length ? asked : [all]).map((box) => {
    const rowData = wants('rowData') ? rowsOf(book, tab, box) : []
    // Like every zero of a Google answer that stands for "from the start", these are left out.
    return {
      ...(box.top && { startRow: box.top }),
      ...(box.left && { startColumn: box.left }),
      ...(rowData.length && { rowData }),
      ...(wants('rowMetadata') && {
        rowMetadata: alongOf(book, tab, ['ROWS', box.top, box.bottom]),
      }),
      ...(wants('columnMetadata') && {
        columnMetadata: alongOf(book, tab, ['COLUMNS', box.left, box.right]),
      }),
    }
  })
}

function rowsOf({ store }: Book, tab: Tab, box: Box): object[] {
  const rowData: object[] = []
  for (const { number, cells } of store.cells.read(tab.key, box)) {
    while (rowData.length < number - box.top) rowData.push({})
    rowData.push({ values: cells.map(cellData) })
  }
  return rowData
}

/** What is said of each of the rows or columns from one to another. */
function alongOf(
  { store, id }: Book,
  { sheetId }: Tab,
  [dimension, start, end]: [Dimension, number, number],
): object[] {
  const own = store.metadata.on(id, sheetId).filter((one) => one.dimension === dimension)
  const at = Map.groupBy(own, ({ position }) => position)
  return Array.from({ length: end - start }, (_, n) => {
    const here = at.get(start + n)
    return here ? { developerMetadata: here.map(toResource) } : {}
  })
}

function cellData(cell: Cell | null): object {
  if (cell === null) return {}
  const value = plain(cell)
  const entered = { [`${typeof value === 'boolean' ? 'bool' : typeof value}Value`]: value }
  return {
    userEnteredValue: entered,
    effectiveValue: entered,
    ...(isDated(cell) && { userEnteredFormat: formatOf(cell) }),
    formattedValue: formatted(cell),
  }
}

function uniqueTabs(ranges: Range[]): Tab[] {
  const tabs = new Map(ranges.map(({ tab }) => [tab.key, tab]))
  return [...tabs.values()].sort((one, other) => one.index - other.index)
}
