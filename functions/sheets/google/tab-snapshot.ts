// The result of one read of a tab: its grid, our metadata, its header row, and the requested rows and column.
import type { sheets_v4 } from '@googleapis/sheets'

/** Keys of our developer metadata. Google allows 30,000 characters of metadata in a tab. */
export const metadataKeys = {
  stamp: 'formstream.ledger',
  batch: 'formstream.batch',
  column: 'formstream.column',
  header: 'formstream.header',
}

/** Metadata that a batch of rows leaves on the tab, so that the batch cannot be applied again. */
export interface BatchMark {
  id: number
  /** When it was written, ms since 1970. */
  time: number
}

/** Merged cells: zero-based, `bottom` and `right` exclusive. */
export interface Merge {
  top: number
  bottom: number
  left: number
  right: number
}

/** A column that carries the name of a field as metadata. */
export interface MarkedColumn {
  name: string
  index: number
  metadataId: number
}

export interface TabSnapshot {
  sheetId: number
  rowCount: number
  columnCount: number
  /** Id of the ledger that owns the tab, if any. */
  stamp: string | undefined
  batchMarks: BatchMark[]
  merges: Merge[]
  markedColumns: MarkedColumn[]
  /** Number of the row that was read as the header, and its texts. */
  headerRow: number
  header: string[]
  /** Id of the metadata that marks this row as the header; undefined if it is not marked. */
  headerMark: number | undefined
  /** Texts of the requested rows by row number; without empty rows. */
  rows: Map<number, string[]>
  /** Texts of the requested column by row number. */
  column: Map<number, string>
}

export interface SnapshotRequest {
  /** Number of the row to read as the header. */
  headerRow: number
  /** Rows to read: first and last of each span. */
  spans?: [first: number, last: number][]
  /** Index of a column to read as a whole. */
  column?: number
}

const metadata = 'developerMetadata(metadataId,metadataKey,metadataValue)'
const rowData = 'rowData(values(formattedValue))'
export const snapshotFields =
  'properties(sheetId,title,gridProperties(rowCount,columnCount)),merges,' +
  `${metadata},data(startRow,${rowData},rowMetadata(${metadata}),columnMetadata(${metadata}))`

/** `sheet.data`: the header row, each span, and the column last. */
export function toSnapshot(
  sheet: sheets_v4.Schema$Sheet,
  { headerRow, column }: SnapshotRequest,
): TabSnapshot {
  const { gridProperties, sheetId } = sheet.properties ?? {}
  const [header, ...spans] = sheet.data ?? []
  const columnData = column === undefined ? undefined : spans.pop()
  const tabMetadata = sheet.developerMetadata ?? []
  const headerMetadata = header?.rowMetadata?.[0]?.developerMetadata ?? []
  return {
    sheetId: sheetId ?? 0,
    rowCount: gridProperties?.rowCount ?? 0,
    columnCount: gridProperties?.columnCount ?? 0,
    stamp: withKey(tabMetadata, metadataKeys.stamp)[0]?.value,
    batchMarks: withKey(tabMetadata, metadataKeys.batch).map(({ id, value }) => ({
      id,
      time: Number(value),
    })),
    merges: (sheet.merges ?? []).map(toMerge),
    markedColumns: toMarkedColumns(header?.columnMetadata ?? []),
    headerRow,
    header: toRows(header).get(headerRow) ?? [],
    headerMark: withKey(headerMetadata, metadataKeys.header)[0]?.id,
    rows: new Map(spans.flatMap((data) => [...toRows(data)])),
    column: new Map([...toRows(columnData)].map(([row, [text = '']]) => [row, text])),
  }
}

function withKey(
  all: sheets_v4.Schema$DeveloperMetadata[],
  key: string,
): { id: number; value: string }[] {
  return all
    .filter(({ metadataKey }) => metadataKey === key)
    .map(({ metadataId, metadataValue }) => ({ id: metadataId ?? 0, value: metadataValue ?? '' }))
}

const toMarkedColumns = (columns: sheets_v4.Schema$DimensionProperties[]): MarkedColumn[] =>
  columns.flatMap(({ developerMetadata }, index) =>
    withKey(developerMetadata ?? [], metadataKeys.column).map(({ id, value }) => ({
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
