// One tab of a Google spreadsheet. Each call here is one HTTP request, unless said otherwise.
import type { sheets_v4 } from '@googleapis/sheets'
import { isSameTitle } from '../target.ts'
import { columnLetters, toRange } from './a1.ts'
import type { SheetsApi } from './client.ts'
import type { Request } from './requests.ts'
import {
  type SnapshotRequest,
  snapshotFields,
  type TabSnapshot,
  toSnapshot,
} from './tab-snapshot.ts'

/** Characters of all ranges in one request: Google refuses a longer address. */
const maxRangesLength = 6000

export class Tab {
  readonly spreadsheet: string
  readonly title: string
  #api: SheetsApi

  constructor(api: SheetsApi, spreadsheet: string, title: string) {
    this.#api = api
    this.spreadsheet = spreadsheet
    this.title = title
  }

  /** For messages. */
  get name(): string {
    return `${this.spreadsheet}/${this.title}`
  }

  /** Undefined if the tab does not exist. Makes several requests if there are too many spans for one address. */
  async read(request: SnapshotRequest = { headerRow: 1 }): Promise<TabSnapshot | undefined> {
    const { spans = [] } = request
    const rangeLength = encodeURIComponent(toRange(this.title)).length + 40
    const size = Math.max(1, Math.floor(maxRangesLength / rangeLength))
    const snapshot = await this.#read({ ...request, spans: spans.slice(0, size) })
    for (let first = size; snapshot && first < spans.length; first += size) {
      const more = await this.#read({ ...request, spans: spans.slice(first, first + size) })
      for (const [row, cells] of more?.rows ?? []) snapshot.rows.set(row, cells)
    }
    return snapshot
  }

  async #read(request: SnapshotRequest): Promise<TabSnapshot | undefined> {
    const { data } = await this.#api.spreadsheets
      .get({
        spreadsheetId: this.spreadsheet,
        ranges: this.#rangesOf(request),
        fields: `sheets(${snapshotFields})`,
      })
      .catch(emptyIfNoSuchTab)
    const sheet = this.#find(data.sheets)
    return sheet && toSnapshot(sheet, request)
  }

  #rangesOf({ headerRow, spans = [], column }: SnapshotRequest): string[] {
    const letters = column === undefined ? '' : columnLetters(column)
    return [
      `${headerRow}:${headerRow}`,
      ...spans.map(([first, last]) => `${first}:${last}`),
      ...(letters ? [`${letters}:${letters}`] : []),
    ].map((cells) => toRange(this.title, cells))
  }

  #find(sheets: sheets_v4.Schema$Sheet[] | undefined): sheets_v4.Schema$Sheet | undefined {
    return sheets?.find(({ properties }) => isSameTitle(properties?.title ?? '', this.title))
  }

  /** Whether any tab of the spreadsheet has this metadata on the tab itself. */
  async isInSpreadsheet(metadataId: number): Promise<boolean> {
    const { data } = await this.#api.spreadsheets.get({
      spreadsheetId: this.spreadsheet,
      fields: 'sheets(developerMetadata(metadataId))',
    })
    const all = (data.sheets ?? []).flatMap(({ developerMetadata }) => developerMetadata ?? [])
    return all.some((one) => one.metadataId === metadataId)
  }

  /** Texts of all cells, or of some rows or columns (`1:100`, `D:Z`), down to the last row that has any. */
  async texts(cells?: string): Promise<string[][]> {
    const { data } = await this.#api.spreadsheets.values.get({
      spreadsheetId: this.spreadsheet,
      range: toRange(this.title, cells),
    })
    return (data.values ?? []) as string[][]
  }

  async update(requests: Request[]): Promise<void> {
    await this.#update({ requests }, 'spreadsheetId')
  }

  /** Updates the tab and returns its state right after that. */
  async updateAndRead(requests: Request[], request: SnapshotRequest): Promise<TabSnapshot> {
    const fields = `updatedSpreadsheet(sheets(${snapshotFields}))`
    const { updatedSpreadsheet } = await this.#update(
      { requests, includeSpreadsheetInResponse: true, responseRanges: this.#rangesOf(request) },
      fields,
    )
    return toSnapshot(this.#find(updatedSpreadsheet?.sheets) ?? {}, request)
  }

  async #update(
    body: sheets_v4.Schema$BatchUpdateSpreadsheetRequest,
    fields: string,
  ): Promise<sheets_v4.Schema$BatchUpdateSpreadsheetResponse> {
    // As text, because Google's client copies every cell of an object before it serialises it.
    const requestBody = JSON.stringify(body) as typeof body
    const { data } = await this.#api.spreadsheets.batchUpdate(
      { spreadsheetId: this.spreadsheet, requestBody, fields },
      { headers: { 'content-type': 'application/json' } },
    )
    return data
  }
}

/** Titles of all tabs of a spreadsheet. */
export async function titlesOf(api: SheetsApi, spreadsheet: string): Promise<string[]> {
  const { data } = await api.spreadsheets.get({
    spreadsheetId: spreadsheet,
    fields: 'sheets(properties(title))',
  })
  return (data.sheets ?? []).map(({ properties }) => properties?.title ?? '')
}

/** Ranges contain the title, so for a tab that does not exist Google cannot parse them. */
function emptyIfNoSuchTab(error: Error): { data: sheets_v4.Schema$Spreadsheet } {
  if (error.message.includes('Unable to parse range')) return { data: {} }
  throw error
}
