// Google's `spreadsheets.get` and `create`: what a spreadsheet is made of, and on request its cells.
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type Cell, END } from './cells.ts'
import { check } from './google-error.ts'
import { type Mask, selects } from './mask.ts'
import { toResource } from './metadata.ts'
import { findRange, type Range } from './range.ts'
import type { Book, Store } from './store.ts'
import { addTab, newTabProperties } from './tab-requests.ts'
import { newTab, type Tab, tabProperties } from './tabs.ts'
import { formatted } from './values.ts'

const everything = { top: 0, left: 0, bottom: END, right: END }

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
      ...(withData && { data: tabData(book, tab, found) }),
      ...metadataOf(book, tab),
    })),
    ...(metadata.length && { developerMetadata: metadata }),
  }
}

function metadataOf({ store, id }: Book, { sheetId }: Tab) {
  const metadata = store.metadata.on(id, sheetId).map(toResource)
  return metadata.length ? { developerMetadata: metadata } : {}
}

function tabData(book: Book, tab: Tab, ranges: Range[]) {
  const asked = ranges.filter((range) => range.tab.key === tab.key).map(({ box }) => box)
  return (asked.length ? asked : [everything]).map((box) => {
    const rowData: object[] = []
    for (const { number, cells } of book.store.cells.read(tab.key, box)) {
      while (rowData.length < number - box.top) rowData.push({})
      rowData.push({ values: cells.map(cellData) })
    }
    // Like every zero of a Google answer that stands for "from the start", these are left out.
    return {
      ...(box.top && { startRow: box.top }),
      ...(box.left && { startColumn: box.left }),
      ...(rowData.length && { rowData }),
    }
  })
}

function cellData(value: Cell | null): object {
  if (value === null) return {}
  const entered = { [`${typeof value === 'boolean' ? 'bool' : typeof value}Value`]: value }
  return {
    userEnteredValue: entered,
    effectiveValue: entered,
    formattedValue: formatted(value),
  }
}

function uniqueTabs(ranges: Range[]): Tab[] {
  const tabs = new Map(ranges.map(({ tab }) => [tab.key, tab]))
  return [...tabs.values()].sort((one, other) => one.index - other.index)
}
