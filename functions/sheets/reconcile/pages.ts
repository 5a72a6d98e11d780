// The rows of a tab, page by page, as values: formats that people give cells make no difference.
import { setTimeout as delay } from 'node:timers/promises'
import { RetryLater } from '#kit/errors.ts'
import { toSheetsError } from '../google/client.ts'
import type { Tab } from '../google/tab.ts'
import type { Look } from '../google/tab-snapshot.ts'
import { columnLetters, type Field, findColumns, isHeader, toNames } from '../rows/columns.ts'
import { seekHeader, withoutHeader } from '../rows/find-header-row.ts'
import type { Api } from '../rows/rotated-tabs.ts'

export interface Page {
  /** The field of each column: by its metadata, or else by its header. '' where it is none of ours. */
  names: string[]
  /** The number of the first row. */
  first: number
  rows: unknown[][]
  /** Rows that this page is about, empty ones at its end included. */
  length: number
}

/** A page is held in memory, and is a read of Google's quota. */
const cellsOfPage = 200_000

export interface Reading {
  /** Columns of others are not named. */
  fields: Field[]
  begin: (rows: number) => void
  pageCells?: number
}

/** Of a tab that exists; without its header row. */
export async function* readPages(
  api: Api,
  tab: Tab,
  { fields, begin, pageCells = cellsOfPage }: Reading,
): AsyncGenerator<Page> {
  const look = await lookAt(tab)
  if (!look) return
  const { rowCount, columnCount } = look
  const names = toNames(findColumns(look.header, look.owned, fields).at)
  begin(rowCount)
  const size = Math.max(1, Math.floor(pageCells / columnCount))
  for (let first = 1; first <= rowCount; first += size) {
    const last = Math.min(rowCount, first + size - 1)
    const title = `'${tab.title.replaceAll("'", "''")}'`
    const asked = {
      spreadsheetId: tab.spreadsheet,
      range: `${title}!A${first}:${columnLetters(columnCount - 1)}${last}`,
      valueRenderOption: 'UNFORMATTED_VALUE',
    }
    const { data } = await patiently(() => api.spreadsheets.values.get(asked))
    const rows = data.values ?? []
    if (isHeader(look.header) && rows[look.headerRow - first]) rows[look.headerRow - first] = []
    yield { names, first, rows, length: last - first + 1 }
  }
}

/** With its header, wherever people moved it. */
async function lookAt(tab: Tab): Promise<Look | undefined> {
  const first = await patiently(() => tab.look())
  if (!first || isHeader(first.header)) return first
  const headerRow = await patiently(() => seekHeader(tab, first))
  return headerRow === undefined ? withoutHeader(first) : patiently(() => tab.look({ headerRow }))
}

/** Google's quota is per minute: a minute later there is room. */
const tries = 8

export async function patiently<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let n = 1; ; n++) {
    try {
      return await call()
    } catch (error) {
      const known = toSheetsError(error as Error)
      if (!(known instanceof RetryLater) || n === tries) throw known
      await delay(Math.min(64_000, 1000 * 2 ** (n - 1)) * (1 + Math.random() / 4))
    }
  }
}
