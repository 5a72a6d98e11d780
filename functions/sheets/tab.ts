// One tab of a Google spreadsheet: the few calls that the writer makes, each one HTTP request.

import { crc32 } from 'node:zlib'
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js'
import { Blocked } from './blocked.ts'
import { type Cell, columnLetters } from './columns.ts'

export interface Look {
  rowCount: number
  columnCount: number
  /** The id of the ledger that numbers this tab, if any. */
  stamp: string | undefined
  header: string[]
  /** Row number to the text in the id column, of the rows that were asked for and are not empty. */
  ids: Map<number, string>
  /** Row number to the texts of its cells, of the same rows; only of those that a span named one by one. */
  rows: Map<number, string[]>
}

export interface RowSpan {
  first: number
  /** Without it: to the end of the tab, and only the id column. */
  last?: number
}

/** Characters: an address that is longer would be refused. */
const longestRanges = 6000
const stampKey = 'formstream.ledger'
const fields =
  'sheets(properties(sheetId,title,gridProperties(rowCount,columnCount)),' +
  'developerMetadata(metadataKey,metadataValue),data(startRow,rowData(values(formattedValue))))'

export class Tab {
  readonly spreadsheet: string
  readonly title: string
  #api: sheets_v4.Sheets
  #sheetId: number | undefined

  constructor(api: sheets_v4.Sheets, spreadsheet: string, title: string) {
    this.#api = api
    this.spreadsheet = spreadsheet
    this.title = title
  }

  /** How messages and the ledger name it. */
  get name(): string {
    return `${this.spreadsheet}/${this.title}`
  }

  /** The header, and what stands in the given rows. Undefined where the tab does not exist. */
  async look(idColumn: number, spans: RowSpan[]): Promise<Look | undefined> {
    const size = Math.max(
      1,
      Math.floor(longestRanges / (encodeURIComponent(this.#title).length + 40)),
    )
    const look = await this.#look(idColumn, spans.slice(0, size))
    for (let first = size; look && first < spans.length; first += size) {
      const more = await this.#look(idColumn, spans.slice(first, first + size))
      for (const [row, id] of more?.ids ?? []) look.ids.set(row, id)
      for (const [row, cells] of more?.rows ?? []) look.rows.set(row, cells)
    }
    return look
  }

  async #look(idColumn: number, spans: RowSpan[]): Promise<Look | undefined> {
    const column = columnLetters(idColumn)
    const ranges = [
      this.#range('1:1'),
      ...spans.map(({ first, last }) =>
        this.#range(last ? `${first}:${last}` : `${column}${first}:${column}`),
      ),
    ]
    const asked = { spreadsheetId: this.spreadsheet, ranges, fields }
    const { data } = await this.#api.spreadsheets.get(asked).catch(noSuchTab)
    const sheet = data.sheets?.find(({ properties }) => properties?.title === this.title)
    return sheet && this.#read(sheet, idColumn, spans)
  }

  #read(sheet: sheets_v4.Schema$Sheet, idColumn: number, asked: RowSpan[]): Look {
    const { gridProperties, sheetId } = sheet.properties ?? {}
    this.#sheetId = sheetId ?? 0
    const [header, ...spans] = sheet.data ?? []
    const stamp = sheet.developerMetadata?.find(({ metadataKey }) => metadataKey === stampKey)
    const ids = new Map<number, string>()
    const rows = new Map<number, string[]>()
    for (const [span, { startRow, rowData }] of spans.entries()) {
      const whole = asked[span]?.last !== undefined
      for (const [index, { values = [] }] of (rowData ?? []).entries()) {
        const cells = values.map(({ formattedValue }) => formattedValue ?? '')
        const number = (startRow ?? 0) + index + 1
        const id = cells[whole ? idColumn : 0]
        if (id) ids.set(number, id)
        if (whole && cells.some(Boolean)) rows.set(number, cells)
      }
    }
    return {
      rowCount: gridProperties?.rowCount ?? 0,
      columnCount: gridProperties?.columnCount ?? 0,
      stamp: stamp?.metadataValue ?? undefined,
      header: (header?.rowData?.[0]?.values ?? []).map((cell) => cell.formattedValue ?? ''),
      ids,
      rows,
    }
  }

  /** The last row that holds anything, in any column; 0 in an empty tab. Reads the whole tab. */
  async lastUsedRow(): Promise<number> {
    const asked = { spreadsheetId: this.spreadsheet, range: this.#title }
    const { data } = await this.#api.spreadsheets.values.get(asked)
    return data.values?.length ?? 0
  }

  /** Makes the tab, stamped: both or none. */
  async create(stamp: string): Promise<void> {
    const sheetId = crc32(this.title) & 0x7fffffff
    const added = this.#update([
      { addSheet: { properties: { sheetId, title: this.title } } },
      this.#stampRequest(sheetId, stamp),
    ])
    await added.catch((error: Error) => {
      if (!/sheet with the id/i.test(error.message)) throw error
      throw new Blocked(
        `Expected the tab ${this.name}, found it under another name: give it back its name, or delete it`,
      )
    })
  }

  /** Stamps a tab that has no stamp; fails where another ledger was faster. */
  async stamp(stamp: string): Promise<void> {
    await this.#update([this.#stampRequest(this.#sheetId ?? 0, stamp)])
  }

  #stampRequest(sheetId: number, stamp: string): sheets_v4.Schema$Request {
    return {
      createDeveloperMetadata: {
        developerMetadata: {
          // Ids are unique in a spreadsheet, so of two ledgers that stamp one tab at once only one succeeds.
          metadataId: crc32(`${stampKey} ${sheetId}`) & 0x7fffffff || 1,
          metadataKey: stampKey,
          metadataValue: stamp,
          visibility: 'DOCUMENT',
          location: { sheetId },
        },
      },
    }
  }

  /** Takes the stamp off, so that the next ledger that writes here takes the tab over. */
  async unstamp(): Promise<void> {
    const metadataLocation = { sheetId: this.#sheetId ?? 0 }
    const developerMetadataLookup = { metadataKey: stampKey, metadataLocation }
    await this.#update([{ deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup } } }])
  }

  /** Adds rows below and columns at the right. */
  async grow(rows: number, columns: number): Promise<void> {
    const sheetId = this.#sheetId ?? 0
    const lengths = { ROWS: rows, COLUMNS: columns }
    const requests = Object.entries(lengths)
      .filter(([, length]) => length > 0)
      .map(([dimension, length]) => ({ appendDimension: { sheetId, dimension, length } }))
    if (requests.length > 0) await this.#update(requests)
  }

  /** Writes rows where it is told, as they are (RAW: no formula runs), all or none. */
  async write(rows: ReadonlyMap<number, Cell[]>): Promise<void> {
    const data = toSpans(rows).map(({ first, cells }) => ({
      range: this.#range(`A${first}`),
      values: cells,
    }))
    await this.#api.spreadsheets.values.batchUpdate({
      spreadsheetId: this.spreadsheet,
      requestBody: { valueInputOption: 'RAW', data },
      fields: 'totalUpdatedRows',
    })
  }

  async #update(requests: sheets_v4.Schema$Request[]): Promise<void> {
    await this.#api.spreadsheets.batchUpdate({
      spreadsheetId: this.spreadsheet,
      requestBody: { requests },
      fields: 'spreadsheetId',
    })
  }

  #range(cells: string): string {
    return `${this.#title}!${cells}`
  }

  get #title(): string {
    return `'${this.title.replaceAll("'", "''")}'`
  }
}

/** Titles of all tabs of a spreadsheet. */
export async function titlesOf(api: sheets_v4.Sheets, spreadsheet: string): Promise<string[]> {
  const asked = { spreadsheetId: spreadsheet, fields: 'sheets(properties(title))' }
  const { data } = await api.spreadsheets.get(asked)
  return (data.sheets ?? []).map(({ properties }) => properties?.title ?? '')
}

/** A range names its tab, so a tab that does not exist is a range that cannot be read. */
function noSuchTab(error: Error): { data: sheets_v4.Schema$Spreadsheet } {
  if (error.message.includes('Unable to parse range')) return { data: {} }
  throw error
}

/** Rows that follow each other go as one range. */
function toSpans(rows: ReadonlyMap<number, Cell[]>): { first: number; cells: Cell[][] }[] {
  const spans: { first: number; cells: Cell[][] }[] = []
  for (const [row, cells] of [...rows].toSorted(([a], [b]) => a - b)) {
    const last = spans.at(-1)
    if (last && last.first + last.cells.length === row) last.cells.push(cells)
    else spans.push({ first: row, cells: [cells] })
  }
  return spans
}
