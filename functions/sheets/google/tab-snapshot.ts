// What one request tells of a tab: its grid, its notes of ours, its header row, and the rows that were asked for.
import type { sheets_v4 } from '@googleapis/sheets'
import type { Owned } from '../rows/columns.ts'

/** Keys of the developer metadata that we leave. Google allows 30,000 characters of it in a tab. */
export const keys = {
  stamp: 'formstream.ledger',
  batch: 'formstream.batch',
  column: 'formstream.column',
  header: 'formstream.header',
}

/** What a batch of rows leaves on its tab, so that it cannot be applied again. */
export interface Mark {
  id: number
  /** When it was left, in milliseconds since 1970. */
  time: number
}

/** Rows and columns that are merged: zero-based, half open. */
export interface Merge {
  top: number
  bottom: number
  left: number
  right: number
}

export interface Look {
  sheetId: number
  rowCount: number
  columnCount: number
  /** The id of the ledger whose tab this is, if any. */
  stamp: string | undefined
  marks: Mark[]
  merges: Merge[]
  owned: Owned[]
  /** The number of the row that was taken for the header, its texts, and the metadata that says that it is the header. */
  headerRow: number
  header: string[]
  headerMark: number | undefined
  /** Row number to the texts of its cells, of the rows that were asked for and are not empty. */
  rows: Map<number, string[]>
  /** Row number to text, of the column that was asked for. */
  column: Map<number, string>
}

export interface Asked {
  headerRow: number
  /** The first and last of rows that are asked for. */
  spans?: [first: number, last: number][]
  /** The index of a column that is asked for as a whole. */
  column?: number
}

const metadata = 'developerMetadata(metadataId,metadataKey,metadataValue)'
const rowData = 'rowData(values(formattedValue))'
export const sheetFields =
  'properties(sheetId,title,gridProperties(rowCount,columnCount)),merges,' +
  `${metadata},data(startRow,${rowData},rowMetadata(${metadata}),columnMetadata(${metadata}))`

export function readLook(sheet: sheets_v4.Schema$Sheet, asked: Asked): Look {
  const { gridProperties, sheetId } = sheet.properties ?? {}
  const [header, ...others] = sheet.data ?? []
  const column = asked.column === undefined ? undefined : others.pop()
  const notes = sheet.developerMetadata ?? []
  return {
    sheetId: sheetId ?? 0,
    rowCount: gridProperties?.rowCount ?? 0,
    columnCount: gridProperties?.columnCount ?? 0,
    stamp: valuesOf(notes, keys.stamp)[0]?.value,
    marks: valuesOf(notes, keys.batch).map(({ id, value }) => ({ id, time: Number(value) })),
    merges: (sheet.merges ?? []).map(toMerge),
    owned: toOwned(header?.columnMetadata ?? []),
    headerRow: asked.headerRow,
    header: toRows(header).get(asked.headerRow) ?? [],
    headerMark: valuesOf(header?.rowMetadata?.[0]?.developerMetadata ?? [], keys.header)[0]?.id,
    rows: new Map(others.flatMap((data) => [...toRows(data)])),
    column: new Map([...toRows(column)].map(([row, [text = '']]) => [row, text])),
  }
}

function valuesOf(
  all: sheets_v4.Schema$DeveloperMetadata[],
  key: string,
): { id: number; value: string }[] {
  return all
    .filter(({ metadataKey }) => metadataKey === key)
    .map(({ metadataId, metadataValue }) => ({ id: metadataId ?? 0, value: metadataValue ?? '' }))
}

const toOwned = (columns: sheets_v4.Schema$DimensionProperties[]): Owned[] =>
  columns.flatMap(({ developerMetadata = [] }, index) =>
    valuesOf(developerMetadata ?? [], keys.column).map(({ id, value }) => ({
      name: value,
      index,
      metadataId: id,
    })),
  )

function toRows(data: sheets_v4.Schema$GridData | undefined): Map<number, string[]> {
  const rows = new Map<number, string[]>()
  for (const [index, { values }] of (data?.rowData ?? []).entries()) {
    const cells = (values ?? []).map(({ formattedValue }) => formattedValue ?? '')
    if (cells.some(Boolean)) rows.set((data?.startRow ?? 0) + index + 1, cells)
  }
  return rows
}

const toMerge = (range: sheets_v4.Schema$GridRange): Merge => ({
  top: range.startRowIndex ?? 0,
  bottom: range.endRowIndex ?? 0,
  left: range.startColumnIndex ?? 0,
  right: range.endColumnIndex ?? 0,
})
