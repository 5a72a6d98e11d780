// The requests of one `batchUpdate`. Google applies all of them in order, or none.
import { randomInt } from 'node:crypto'
import type { sheets_v4 } from '@googleapis/sheets'
import { type Cell, type Column, isDateCell } from '../row.ts'
import { clearFormat } from './number-format.ts'
import { metadataKeys } from './tab-snapshot.ts'

export type Request = sheets_v4.Schema$Request

/** Ids of metadata are unique in a spreadsheet and have 31 bits. */
export const newMetadataId = (): number => randomInt(1, 2 ** 31)

type Metadata = { id: number; key: string; value?: string }

const createMetadata = (
  { id, key, value }: Metadata,
  location: sheets_v4.Schema$DeveloperMetadataLocation,
): Request => ({
  createDeveloperMetadata: {
    developerMetadata: {
      metadataId: id,
      metadataKey: key,
      ...(value !== undefined && { metadataValue: value }),
      visibility: 'DOCUMENT',
      location,
    },
  },
})

/** No effect if there is no such metadata. */
export const deleteMetadata = (lookup: sheets_v4.Schema$DeveloperMetadataLookup): Request => ({
  deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: lookup } },
})

const dimensionRange = (
  sheetId: number,
  dimension: 'ROWS' | 'COLUMNS',
  { start, count = 1 }: { start: number; count?: number },
) => ({ sheetId, dimension, startIndex: start, endIndex: start + count })

export const stampTab = (sheetId: number, { id, value }: { id: number; value: string }): Request =>
  createMetadata({ id, key: metadataKeys.stamp, value }, { sheetId })

/** Google refuses it if the metadata exists: the batch was applied then. */
export const markBatch = (sheetId: number, id: number): Request =>
  createMetadata({ id, key: metadataKeys.batch, value: String(Date.now()) }, { sheetId })

export const markColumn = (
  sheetId: number,
  { name, index }: { name: string; index: number },
): Request =>
  createMetadata(
    { id: newMetadataId(), key: metadataKeys.column, value: name },
    { dimensionRange: dimensionRange(sheetId, 'COLUMNS', { start: index }) },
  )

export const markHeader = (sheetId: number, headerRow: number): Request =>
  createMetadata(
    { id: newMetadataId(), key: metadataKeys.header },
    { dimensionRange: dimensionRange(sheetId, 'ROWS', { start: headerRow - 1 }) },
  )

/**
 * Makes Google refuse all requests if the metadata is no longer at this row or column: it is deleted at this place only, then
 * created again with the same id, which is still taken if the metadata has moved elsewhere.
 */
export function guard(
  sheetId: number,
  metadata: Metadata & { dimension: 'ROWS' | 'COLUMNS'; index: number },
): Request[] {
  const range = dimensionRange(sheetId, metadata.dimension, { start: metadata.index })
  const lookup = {
    metadataId: metadata.id,
    metadataLocation: { dimensionRange: range },
    locationMatchingStrategy: 'EXACT_LOCATION',
  }
  return [deleteMetadata(lookup), createMetadata(metadata, { dimensionRange: range })]
}

/** Inserts empty columns at an index, so nothing is overwritten. They get headers if the header row is known. */
export function addColumns(
  sheetId: number,
  { columns, at, headerRow }: { columns: Column[]; at: number; headerRow: number | undefined },
): Request[] {
  const range = dimensionRange(sheetId, 'COLUMNS', { start: at, count: columns.length })
  const labels = columns.map(({ label }) => label)
  return [
    { insertDimension: { range, inheritFromBefore: at > 0 } },
    clearFormat(sheetId, { at, count: columns.length }),
    ...columns.map(({ name }, n) => markColumn(sheetId, { name, index: at + n })),
    ...(headerRow === undefined
      ? []
      : [writeCells(sheetId, { row: headerRow, column: at, cells: [labels] })]),
  ]
}

/** Inserts empty rows, so that writing to them overwrites nothing. `inheritFromBefore`: their formats come from the row above. */
export const insertRows = (
  sheetId: number,
  { row, count, inheritFromBefore }: { row: number; count: number; inheritFromBefore: boolean },
): Request => ({
  insertDimension: {
    range: dimensionRange(sheetId, 'ROWS', { start: row - 1, count }),
    inheritFromBefore,
  },
})

/**
 * Makes Google refuse all requests if the new rows are part of a merge that reaches beyond them. Otherwise it has no effect, as
 * rows that were just inserted are not merged.
 */
export const unmerge = (
  sheetId: number,
  { row, count, left, right }: { row: number; count: number; left: number; right: number },
): Request => ({
  unmergeCells: {
    range: {
      sheetId,
      startRowIndex: row - 1,
      endRowIndex: row - 1 + count,
      startColumnIndex: left,
      endColumnIndex: right,
    },
  },
})

/** Writes values without interpreting them: a text that begins with = stays a text. */
export const writeCells = (
  sheetId: number,
  { row, column, cells }: { row: number; column: number; cells: Cell[][] },
): Request => ({
  updateCells: {
    start: { sheetId, rowIndex: row - 1, columnIndex: column },
    fields: 'userEnteredValue',
    rows: cells.map((values) => ({ values: values.map(toCellData) })),
  },
})

function toCellData(cell: Cell): sheets_v4.Schema$CellData {
  if (cell === null || cell === '') return {}
  if (isDateCell(cell)) return { userEnteredValue: { numberValue: cell.serial } }
  if (typeof cell === 'number') return { userEnteredValue: { numberValue: cell } }
  if (typeof cell === 'boolean') return { userEnteredValue: { boolValue: cell } }
  return { userEnteredValue: { stringValue: cell } }
}
