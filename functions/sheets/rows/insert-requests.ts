// The requests that put a batch of rows into a tab, all of them or none: refused where the batch was applied before, where a column
// of ours is not where it was seen, or where the rows would lie within merged cells.
import type { Entry } from '../buffer/port.ts'
import { formatMoments } from '../google/number-format.ts'
import * as requests from '../google/requests.ts'
import { keys, type Look, type Mark } from '../google/tab-snapshot.ts'
import { type Cell, type Field, idColumn, timeColumn } from './columns.ts'
import type { Spot } from './insertion-point.ts'
import type { Insertion } from './write-rows.ts'

/**
 * Milliseconds that the mark of a batch stays whose call was not answered. Google ends a call after three minutes: one that is
 * still under way then will have no effect.
 */
const markFor = 600_000

interface Given extends Insertion {
  /** Marks of batches whose calls were answered: they are of no more use. */
  answered: ReadonlySet<number>
}

export function toRequests({ batch, entries, spot, guarded, answered }: Given): requests.Request[] {
  const { look, row, columns, newColumn } = spot
  const { sheetId } = look
  const at = new Map(columns.at)
  for (const [n, { name }] of columns.missing.entries()) at.set(name, newColumn + n)
  const left = Math.min(...at.values())
  const right = Math.max(...at.values()) + 1
  const count = entries.length
  const written = { row, column: left, cells: toCells(entries, at, { left, right }) }
  return [
    requests.markOf(sheetId, batch.id),
    ...oldMarks(look.marks, answered).map((id) => requests.remove({ metadataId: id })),
    ...(guarded ? guards(look, columns.at) : []),
    ...newColumns(spot, guarded),
    requests.insertRows(sheetId, { row, count, inheritFromBefore: inherits(spot) }),
    ...(guarded ? [requests.unmerge(sheetId, { row, count, left, right })] : []),
    requests.writeCells(sheetId, written),
    ...formatMoments(sheetId, written),
  ]
}

const oldMarks = (marks: Mark[], answered: ReadonlySet<number>): number[] =>
  marks
    .filter(({ id, time }) => answered.has(id) || time < Date.now() - markFor)
    .map(({ id }) => id)

function guards({ sheetId, owned }: Look, at: ReadonlyMap<string, number>): requests.Request[] {
  return owned
    .filter(({ name, index }) => at.get(name) === index)
    .flatMap(({ name, index, metadataId: id }) =>
      requests.guard(sheetId, { id, key: keys.column, value: name, dimension: 'COLUMNS', index }),
    )
}

function newColumns(
  { look, columns, newColumn, labelRow }: Spot,
  guarded: boolean,
): requests.Request[] {
  const { sheetId, headerMark: id } = look
  const fields: Field[] = columns.missing
  if (fields.length === 0) return []
  const index = look.headerRow - 1
  return [
    ...(id === undefined || !guarded
      ? []
      : requests.guard(sheetId, { id, key: keys.header, dimension: 'ROWS', index })),
    ...requests.addColumns(sheetId, { fields, at: newColumn, headerRow: labelRow }),
  ]
}

/** Formats come from the row above, but not from the header, unless there is no row below. */
const inherits = ({ look, row }: Spot): boolean =>
  row > look.rowCount || (row > 1 && row - 1 !== look.headerRow)

/** The cells of the rows from one column to another; what is not ours stays empty. */
function toCells(
  entries: Entry[],
  at: ReadonlyMap<string, number>,
  { left, right }: { left: number; right: number },
): Cell[][] {
  return entries.map(({ id, time, timeCell = time, values }) => {
    const cells = Array<Cell>(right - left).fill(null)
    for (const [name, cell] of [...values, [idColumn, id], [timeColumn, timeCell]] as [
      string,
      Cell,
    ][])
      cells[(at.get(name) as number) - left] = cell
    return cells
  })
}
