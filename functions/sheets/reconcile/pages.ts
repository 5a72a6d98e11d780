// Reads a tab page by page. Reads values without formats, so that formats people give to cells make no difference.
import { setTimeout as delay } from 'node:timers/promises'
import { RetryLater } from '#kit/errors.ts'
import { columnLetters, toRange } from '../google/a1.ts'
import type { SheetsApi } from '../google/client.ts'
import { toSheetsError } from '../google/errors.ts'
import type { Tab } from '../google/tab.ts'
import type { TabSnapshot } from '../google/tab-snapshot.ts'
import type { Column } from '../row.ts'
import { findColumns, isHeader, toNames } from '../rows/columns.ts'
import { findHeaderRow, withoutHeader } from '../rows/find-header-row.ts'

export interface Page {
  /** The field of each column, found by its metadata or its header; '' for a column that is not ours. */
  names: string[]
  /** Number of the first row. */
  first: number
  /** Values by row; empty rows at the end of the page are left out. */
  rows: unknown[][]
  /** Rows of the page, with empty rows at its end. */
  length: number
}

/** A page is in memory as a whole and counts as one call of Google's quota. */
const maxCellsPerPage = 200_000

export interface PageOptions {
  /** Columns to name. */
  columns: Column[]
  /** Called once with the number of rows in the grid. */
  begin: (rows: number) => void
  cellsPerPage?: number
}

/** The header row is returned as an empty row. */
export async function* readPages(
  api: SheetsApi,
  tab: Tab,
  { columns, begin, cellsPerPage = maxCellsPerPage }: PageOptions,
): AsyncGenerator<Page> {
  const snapshot = await readWithHeader(tab)
  if (!snapshot) return
  const { rowCount, columnCount, header, headerRow } = snapshot
  const names = toNames(findColumns(snapshot, columns).at)
  begin(rowCount)
  const size = Math.max(1, Math.floor(cellsPerPage / columnCount))
  for (let first = 1; first <= rowCount; first += size) {
    const last = Math.min(rowCount, first + size - 1)
    const request = {
      spreadsheetId: tab.spreadsheet,
      range: toRange(tab.title, `A${first}:${columnLetters(columnCount - 1)}${last}`),
      valueRenderOption: 'UNFORMATTED_VALUE',
    }
    const { data } = await retryCalls(() => api.spreadsheets.values.get(request))
    const rows = data.values ?? []
    if (isHeader(header) && rows[headerRow - first]) rows[headerRow - first] = []
    yield { names, first, rows, length: last - first + 1 }
  }
}

/** Wherever people moved the header row. Undefined if the tab does not exist. */
async function readWithHeader(tab: Tab): Promise<TabSnapshot | undefined> {
  const snapshot = await retryCalls(() => tab.read())
  if (!snapshot || isHeader(snapshot.header)) return snapshot
  const headerRow = await retryCalls(() => findHeaderRow(tab, snapshot))
  return headerRow === undefined
    ? withoutHeader(snapshot)
    : retryCalls(() => tab.read({ headerRow }))
}

/** The pauses add up to more than two minutes; Google's quota is per minute. */
const maxTries = 8

async function retryCalls<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await call()
    } catch (error) {
      const known = toSheetsError(error as Error)
      if (!(known instanceof RetryLater) || tries === maxTries) throw known
      await delay(Math.min(64_000, 1000 * 2 ** (tries - 1)) * (1 + Math.random() / 4))
    }
  }
}
