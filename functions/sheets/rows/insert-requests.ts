// The requests that insert a batch of rows into a tab. Google applies all of them or none, and refuses all if the batch was applied
// before, if one of our columns has moved, or if the rows would be inside merged cells.
import type { RowBatch } from '../buffer/port.ts'
import { formatDates } from '../google/number-format.ts'
import * as requests from '../google/requests.ts'
import { type BatchMark, metadataKeys, type TabSnapshot } from '../google/tab-snapshot.ts'
import type { Cell, Entry } from '../row.ts'
import { idColumn, timeColumn } from './columns.ts'
import type { InsertionPoint } from './insertion-point.ts'

export interface Insertion {
  batch: RowBatch
  entries: Entry[]
  point: InsertionPoint
  /** Makes Google refuse the batch if people moved columns or merged cells since the tab was read. */
  guarded: boolean
}

/**
 * How long the mark of a batch without an answer is kept, ms. Google ends a call after three minutes, so a call that is still
 * under way after this time has no effect.
 */
const unansweredMarkAge = 600_000

/** `answered`: marks of batches whose calls were answered, which can be deleted. */
export function toInsertRequests(
  { batch, entries, point, guarded }: Insertion,
  answered: ReadonlySet<number>,
): requests.Request[] {
  const { snapshot, row, columns, newColumn } = point
  const { sheetId } = snapshot
  const at = new Map(columns.at)
  for (const [n, { name }] of columns.missing.entries()) at.set(name, newColumn + n)
  const left = Math.min(...at.values())
  const right = Math.max(...at.values()) + 1
  const count = entries.length
  const written = { row, column: left, cells: toCells(entries, at, { left, right }) }
  return [
    requests.markBatch(sheetId, batch.id),
    ...obsoleteMarks(snapshot.batchMarks, answered).map((id) =>
      requests.deleteMetadata({ metadataId: id }),
    ),
    ...(guarded ? guardColumns(snapshot, columns.at) : []),
    ...addMissingColumns(point, guarded),
    requests.insertRows(sheetId, { row, count, inheritFromBefore: inheritsFromAbove(point) }),
    ...(guarded ? [requests.unmerge(sheetId, { row, count, left, right })] : []),
    requests.writeCells(sheetId, written),
    ...formatDates(sheetId, written),
  ]
}

const obsoleteMarks = (marks: BatchMark[], answered: ReadonlySet<number>): number[] =>
  marks
    .filter(({ id, time }) => answered.has(id) || time < Date.now() - unansweredMarkAge)
    .map(({ id }) => id)

function guardColumns(
  { sheetId, markedColumns }: TabSnapshot,
  at: ReadonlyMap<string, number>,
): requests.Request[] {
  return markedColumns
    .filter(({ name, index }) => at.get(name) === index)
    .flatMap(({ name, index, metadataId: id }) =>
      requests.guard(sheetId, {
        id,
        key: metadataKeys.column,
        value: name,
        dimension: 'COLUMNS',
        index,
      }),
    )
}

function addMissingColumns(
  { snapshot, columns, newColumn, labelRow }: InsertionPoint,
  guarded: boolean,
): requests.Request[] {
  const { sheetId, headerMark, headerRow } = snapshot
  if (columns.missing.length === 0) return []
  const header = { key: metadataKeys.header, dimension: 'ROWS', index: headerRow - 1 } as const
  return [
    ...(headerMark === undefined || !guarded
      ? []
      : requests.guard(sheetId, { id: headerMark, ...header })),
    ...requests.addColumns(sheetId, {
      columns: columns.missing,
      at: newColumn,
      headerRow: labelRow,
    }),
  ]
}

/** Whether new rows take their formats from the row above: not from the header, unless there is no row below. */
const inheritsFromAbove = ({ snapshot, row }: InsertionPoint): boolean =>
  row > snapshot.rowCount || (row > 1 && row - 1 !== snapshot.headerRow)

/** The cells from column `left` to `right`. Cells of columns that are not ours stay empty. */
function toCells(
  entries: Entry[],
  at: ReadonlyMap<string, number>,
  { left, right }: { left: number; right: number },
): Cell[][] {
  return entries.map(({ id, time, timeCell = time, values }) => {
    const cells = Array<Cell>(right - left).fill(null)
    const all: [string, Cell][] = [...values, [idColumn, id], [timeColumn, timeCell]]
    for (const [name, cell] of all) cells[(at.get(name) as number) - left] = cell
    return cells
  })
}
