// The rows of a tab, page by page, as values: formats that people give cells make no difference.
import { setTimeout as delay } from 'node:timers/promises'
import { RetryLater } from '#kit/errors.ts'
import { toSheetsError } from '../../functions/sheets/api.ts'
import { columnLetters } from '../../functions/sheets/columns.ts'
import type { Tab } from '../../functions/sheets/tab.ts'
import type { Api } from './place.ts'

export interface Page {
  header: string[]
  /** The number of the first row. */
  first: number
  rows: unknown[][]
  /** Rows that this page is about, empty ones at its end included. */
  length: number
}

/** A page is held in memory, and is a read of Google's quota. */
const cellsOfPage = 200_000

/** Of a tab that exists. */
export async function* readPages(
  api: Api,
  tab: Tab,
  begin: (rows: number) => void,
  pageCells = cellsOfPage,
): AsyncGenerator<Page> {
  const look = await patiently(() => tab.look(0, []))
  if (!look) return
  const { header, rowCount, columnCount } = look
  begin(rowCount - 1)
  const size = Math.max(1, Math.floor(pageCells / columnCount))
  for (let first = 2; first <= rowCount; first += size) {
    const last = Math.min(rowCount, first + size - 1)
    const title = `'${tab.title.replaceAll("'", "''")}'`
    const asked = {
      spreadsheetId: tab.spreadsheet,
      range: `${title}!A${first}:${columnLetters(columnCount - 1)}${last}`,
      valueRenderOption: 'UNFORMATTED_VALUE',
    }
    const { data } = await patiently(() => api.spreadsheets.values.get(asked))
    yield { header, first, rows: data.values ?? [], length: last - first + 1 }
  }
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
