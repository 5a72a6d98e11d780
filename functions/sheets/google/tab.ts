// One tab of a Google spreadsheet: the few calls that the writer makes, each one HTTP request.
import { crc32 } from 'node:zlib'
import type { sheets_v4 } from '@googleapis/sheets'
import { columnLetters, type Field } from '../rows/columns.ts'
import { isSameTitle } from '../target.ts'
import { Blocked } from './errors.ts'
import { reasonIn } from './redact.ts'
import * as requests from './requests.ts'
import { type Asked, keys, type Look, readLook, sheetFields } from './tab-snapshot.ts'

/** Characters: an address that is longer would be refused. */
const longestRanges = 6000
/** Of a tab that we make, as Google's own; a form with more fields gets more. */
const fewestColumns = 26

export class Tab {
  readonly spreadsheet: string
  readonly title: string
  #api: sheets_v4.Sheets

  constructor(api: sheets_v4.Sheets, spreadsheet: string, title: string) {
    this.#api = api
    this.spreadsheet = spreadsheet
    this.title = title
  }

  /** How messages and the ledger name it. */
  get name(): string {
    return `${this.spreadsheet}/${this.title}`
  }

  /** Undefined where the tab does not exist. All of one moment, unless the spans are so many that they take several calls. */
  async look(asked: Asked = { headerRow: 1 }): Promise<Look | undefined> {
    const { spans = [] } = asked
    const size = Math.max(
      1,
      Math.floor(longestRanges / (encodeURIComponent(this.#title).length + 40)),
    )
    const look = await this.#look({ ...asked, spans: spans.slice(0, size) })
    for (let first = size; look && first < spans.length; first += size) {
      const more = await this.#look({ ...asked, spans: spans.slice(first, first + size) })
      for (const [row, cells] of more?.rows ?? []) look.rows.set(row, cells)
    }
    return look
  }

  async #look(asked: Asked): Promise<Look | undefined> {
    const spreadsheetId = this.spreadsheet
    const ranges = this.#rangesOf(asked)
    const given = { spreadsheetId, ranges, fields: `sheets(${sheetFields})` }
    const { data } = await this.#api.spreadsheets.get(given).catch(noSuchTab)
    const sheet = this.#find(data.sheets)
    return sheet && readLook(sheet, asked)
  }

  #rangesOf({ headerRow, spans = [], column }: Asked): string[] {
    const letters = column === undefined ? '' : columnLetters(column)
    return [
      `${headerRow}:${headerRow}`,
      ...spans.map(([first, last]) => `${first}:${last}`),
      ...(letters ? [`${letters}:${letters}`] : []),
    ].map((cells) => `${this.#title}!${cells}`)
  }

  /** Whether any tab of the spreadsheet carries the metadata. */
  async standsAnywhere(metadataId: number): Promise<boolean> {
    const fields = 'sheets(developerMetadata(metadataId))'
    const asked = { spreadsheetId: this.spreadsheet, fields }
    const { data } = await this.#api.spreadsheets.get(asked)
    const notes = (data.sheets ?? []).flatMap(({ developerMetadata }) => developerMetadata ?? [])
    return notes.some((note) => note.metadataId === metadataId)
  }

  #find(sheets: sheets_v4.Schema$Sheet[] | undefined): sheets_v4.Schema$Sheet | undefined {
    return sheets?.find(({ properties }) => isSameTitle(properties?.title ?? '', this.title))
  }

  /** The texts of all cells, or of some rows or columns (`1:100`, `D:Z`), up to the last row that holds anything. */
  async texts(cells?: string): Promise<string[][]> {
    const range = cells ? `${this.#title}!${cells}` : this.#title
    const { data } = await this.#api.spreadsheets.values.get({
      spreadsheetId: this.spreadsheet,
      range,
    })
    return (data.values ?? []) as string[][]
  }

  /** Makes the tab with its header and its stamp: all of it or none. */
  async create(stamp: string, fields: Field[]): Promise<void> {
    const sheetId = crc32(this.title) & 0x7fffffff
    const columnCount = Math.max(fewestColumns, fields.length)
    const properties = { sheetId, title: this.title, gridProperties: { columnCount } }
    const labels = fields.map(({ label }) => label)
    const added = this.update([
      { addSheet: { properties } },
      requests.stampOf(sheetId, { id: stampId(sheetId), value: stamp }),
      ...fields.map(({ name }, index) => requests.columnMark(sheetId, { name, index })),
      requests.headerMark(sheetId, 1),
      requests.writeCells(sheetId, { row: 1, column: 0, cells: [labels] }),
    ])
    await added.catch((error: Error) => {
      if (!/sheet with the (id|name)/i.test(error.message)) throw error
      throw new Blocked(
        `Expected to make the tab ${this.name}, found it under another name: give it back its name, or name another tab in the form's file ` +
          `(Google says: ${reasonIn(error.message)})`,
      )
    })
  }

  /** Stamps a tab that has no stamp; fails where another ledger was faster. */
  async stamp({ sheetId }: Look, stamp: string): Promise<void> {
    await this.update([requests.stampOf(sheetId, { id: stampId(sheetId), value: stamp })])
  }

  /** Takes the stamp off, so that the next ledger that writes here takes the tab over. */
  async unstamp({ sheetId }: Look): Promise<void> {
    const metadataLocation = { sheetId }
    await this.update([requests.remove({ metadataKey: keys.stamp, metadataLocation })])
  }

  async update(all: requests.Request[]): Promise<void> {
    await this.#update({ requests: all }, 'spreadsheetId')
  }

  /** The same, and what stands right after it. */
  async updateAndLook(all: requests.Request[], asked: Asked): Promise<Look> {
    const wanted = { includeSpreadsheetInResponse: true, responseRanges: this.#rangesOf(asked) }
    const fields = `updatedSpreadsheet(sheets(${sheetFields}))`
    const { updatedSpreadsheet } = await this.#update({ requests: all, ...wanted }, fields)
    return readLook(this.#find(updatedSpreadsheet?.sheets) ?? {}, asked)
  }

  async #update(
    body: sheets_v4.Schema$BatchUpdateSpreadsheetRequest,
    fields: string,
  ): Promise<sheets_v4.Schema$BatchUpdateSpreadsheetResponse> {
    // Google's client would copy each cell of a body that is an object before it makes the text of it.
    const requestBody = JSON.stringify(body) as typeof body
    const headers = { 'content-type': 'application/json' }
    const { spreadsheets } = this.#api
    const given = { spreadsheetId: this.spreadsheet, requestBody, fields }
    return (await spreadsheets.batchUpdate(given, { headers })).data
  }

  get #title(): string {
    return `'${this.title.replaceAll("'", "''")}'`
  }
}

/** Ids are unique in a spreadsheet, so of two ledgers that stamp one tab at once only one succeeds. */
const stampId = (sheetId: number): number => crc32(`${keys.stamp} ${sheetId}`) & 0x7fffffff || 1

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
