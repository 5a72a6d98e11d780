// The requests of one `batchUpdate`. It is applied whole or not at all, in their order.
import { randomInt } from 'node:crypto'
import type { sheets_v4 } from '@googleapis/sheets'
import type { Cell, Claim, Field } from '../rows/columns.ts'
import { isMoment, unformat } from './number-format.ts'
import { keys } from './tab-snapshot.ts'

export type Request = sheets_v4.Schema$Request

/** Ids of metadata are unique in a spreadsheet, and Google takes 31 bits. */
export const newMetadataId = (): number => randomInt(1, 2 ** 31)

type Note = { id: number; key: string; value?: string }

const create = (
  { id, key, value }: Note,
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

/** Removes metadata; where it is not there, nothing happens. */
export const remove = (lookup: sheets_v4.Schema$DeveloperMetadataLookup): Request => ({
  deleteDeveloperMetadata: { dataFilter: { developerMetadataLookup: lookup } },
})

const along = (sheetId: number, dimension: 'ROWS' | 'COLUMNS', start: number, length = 1) => ({
  sheetId,
  dimension,
  startIndex: start,
  endIndex: start + length,
})

export const stampOf = (sheetId: number, { id, value }: { id: number; value: string }): Request =>
  create({ id, key: keys.stamp, value }, { sheetId })

/** Refused where it is there: then the batch was applied. */
export const markOf = (sheetId: number, id: number): Request =>
  create({ id, key: keys.batch, value: String(Date.now()) }, { sheetId })

export const columnMark = (sheetId: number, { name, index }: Claim): Request =>
  create(
    { id: newMetadataId(), key: keys.column, value: name },
    { dimensionRange: along(sheetId, 'COLUMNS', index) },
  )

export const headerMark = (sheetId: number, headerRow: number): Request =>
  create(
    { id: newMetadataId(), key: keys.header },
    { dimensionRange: along(sheetId, 'ROWS', headerRow - 1) },
  )

/**
 * Refuses the whole batch where the metadata is not at this row or column any more: it is taken off this place and made
 * again, and what stands elsewhere was not taken off, so that its id is taken.
 */
export function guard(
  sheetId: number,
  note: Note & { dimension: 'ROWS' | 'COLUMNS'; index: number },
): Request[] {
  const dimensionRange = along(sheetId, note.dimension, note.index)
  const lookup = {
    metadataId: note.id,
    metadataLocation: { dimensionRange },
    locationMatchingStrategy: 'EXACT_LOCATION',
  }
  return [remove(lookup), create(note, { dimensionRange })]
}

/** New columns from an index on, with a header where that is known. They are empty: nothing is overwritten. */
export function addColumns(
  sheetId: number,
  { fields, at, headerRow }: { fields: Field[]; at: number; headerRow: number | undefined },
): Request[] {
  const range = along(sheetId, 'COLUMNS', at, fields.length)
  const labels = fields.map(({ label }) => label)
  return [
    { insertDimension: { range, inheritFromBefore: at > 0 } },
    unformat(sheetId, { at, count: fields.length }),
    ...fields.map(({ name }, n) => columnMark(sheetId, { name, index: at + n })),
    ...(headerRow === undefined
      ? []
      : [writeCells(sheetId, { row: headerRow, column: at, cells: [labels] })]),
  ]
}

/** New rows from a row on: they are empty, so that what is written to them overwrites nothing. */
export const insertRows = (
  sheetId: number,
  { row, count, inheritFromBefore }: { row: number; count: number; inheritFromBefore: boolean },
): Request => ({
  insertDimension: { range: along(sheetId, 'ROWS', row - 1, count), inheritFromBefore },
})

/**
 * Refuses the whole batch where the rows would be part of a merge that reaches beyond them; otherwise nothing happens, as no row
 * that was just inserted is merged.
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

/** As they are: a text that begins with = stays a text. */
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
  if (isMoment(cell)) return { userEnteredValue: { numberValue: cell.serial } }
  if (typeof cell === 'number') return { userEnteredValue: { numberValue: cell } }
  if (typeof cell === 'boolean') return { userEnteredValue: { boolValue: cell } }
  return { userEnteredValue: { stringValue: cell } }
}
