// The requests that write, sort, and cut and paste cells.
import * as z from 'zod'
import type { Cell } from '../../store/cells.ts'
import { contains, overlaps } from '../../store/merged-cells.ts'
import { plain } from '../../store/number-format.ts'
import type { Book } from '../../store/open-store.ts'
import type { Box } from '../a1.ts'
import { parseMask, selects } from '../field-mask.ts'
import { invalid } from '../google-error.ts'
import { boxOf, checkFits, coordinate, gridRange } from '../grid-range.ts'
import { maxCell } from '../values.ts'
import { request, tabOf } from './define-request.ts'

/** A batch has tens of thousands of cells: one look at each, where a schema would take several. */
const rowData = z
  .looseObject({ values: z.array(z.unknown()).default([]) })
  .transform(({ values }) => values.map(toCell))

/** A cell without a value is emptied: the field is in the mask. */
function toCell(cell: unknown): Cell {
  const entered = (cell as { userEnteredValue?: Record<string, unknown> } | null)?.userEnteredValue
  if (entered === undefined) return ''
  for (const kind of ['string', 'number', 'boolean'] as const) {
    const value = entered[kind === 'boolean' ? 'boolValue' : `${kind}Value`]
    if (value === undefined) continue
    if (typeof value === kind && Object.keys(entered).length === 1) return value as Cell
  }
  throw invalid(
    'Invalid userEnteredValue: expected one stringValue, numberValue or boolValue, as this emulator evaluates nothing; ' +
      `found ${Object.keys(entered).join(', ')}`,
  )
}

const updateCells = request(
  z.object({
    rows: z.array(rowData).default([]),
    fields: z.string({ error: "At least one field must be listed in 'fields'." }).min(1),
    start: coordinate.optional(),
    range: gridRange.optional(),
  }),
  (book, { rows, fields, start, range }) => {
    if (!start === !range) throw invalid('Expected either start or range')
    if (!selects(parseMask(fields), ['userEnteredValue'])) return {}
    const target = range ? boxOf(book, range) : undefined
    const tab = target?.tab ?? tabOf(book, start?.sheetId ?? 0)
    const top = target?.box.top ?? start?.rowIndex ?? 0
    const left = target?.box.left ?? start?.columnIndex ?? 0
    refuseLong(rows)
    const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
    const lands = { top, left, bottom: top + rows.length, right: left + width }
    checkFits(tab, lands)
    if (target) {
      if (!contains(target.box, lands)) throw invalid('Expected rows that fit the range')
      book.store.cells.clear(tab.key, target.box)
    }
    book.store.cells.write(tab.key, lands, book.store.merges.uncovered(tab.key, lands, rows))
    return {}
  },
)

function refuseLong(rows: Cell[][]): void {
  if (!rows.flat().some((cell) => typeof cell === 'string' && cell.length > maxCell)) return
  throw invalid(
    `Your input contains more than the maximum of ${maxCell} characters in a single cell.`,
  )
}

const sortSpec = z.object({
  dimensionIndex: z.int().min(0).default(0),
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING'),
})

/** Values change their rows; metadata of the rows stays where it is. Empty cells come last. */
const sortRange = request(
  z.object({ range: gridRange, sortSpecs: z.array(sortSpec).min(1) }),
  (book, { range, sortSpecs }) => {
    const { tab, box } = boxOf(book, range)
    if (book.store.merges.of(tab.key).some((merge) => overlaps(merge, box) && isTall(merge)))
      throw invalid("You can't sort a range with vertical merges.")
    const rows = rowsOf(book, tab.key, box)
    const sorted = rows.toSorted((one, other) => {
      for (const { dimensionIndex, sortOrder } of sortSpecs) {
        const order = compare(
          one[dimensionIndex - box.left],
          other[dimensionIndex - box.left],
          sortOrder,
        )
        if (order !== 0) return order
      }
      return 0
    })
    book.store.cells.write(tab.key, box, sorted.map(toWritten))
    return {}
  },
)

const isTall = ({ top, bottom }: Box): boolean => bottom - top > 1

function compare(first: Cell | null = null, second: Cell | null = null, order: string): number {
  if (first === null || second === null) return Number(first === null) - Number(second === null)
  const [one, other] = [plain(first), plain(second)]
  const rank = (cell: Cell) => ['number', 'string', 'boolean'].indexOf(typeof cell)
  const sign = order === 'ASCENDING' ? 1 : -1
  if (rank(one) !== rank(other)) return sign * (rank(one) - rank(other))
  if (one === other) return 0
  return sign * (one < other ? -1 : 1)
}

const cutPaste = request(
  z.object({ source: gridRange, destination: coordinate, pasteType: z.string().optional() }),
  (book, { source, destination }) => {
    const { tab, box } = boxOf(book, source)
    const target = tabOf(book, destination.sheetId)
    const [top, left] = [destination.rowIndex, destination.columnIndex]
    const lands = {
      top,
      left,
      bottom: top + box.bottom - box.top,
      right: left + box.right - box.left,
    }
    checkFits(target, lands)
    const touched = [...book.store.merges.of(tab.key)].some(
      (merge) => overlaps(merge, box) || overlaps(merge, lands),
    )
    if (touched) throw invalid('This emulator cuts and pastes no merged cells')
    const rows = rowsOf(book, tab.key, box)
    book.store.cells.clear(tab.key, box)
    book.store.cells.write(target.key, lands, rows.map(toWritten))
    return {}
  },
)

export const cellRequests = { updateCells, sortRange, cutPaste }

/** Each row of the box, as wide as the box. */
function rowsOf({ store }: Book, tab: number, box: Box): (Cell | null)[][] {
  const width = box.right - box.left
  const found = new Map(store.cells.read(tab, box).map(({ number, cells }) => [number, cells]))
  return Array.from({ length: box.bottom - box.top }, (_, n) => {
    const cells = found.get(box.top + n) ?? []
    return Array.from({ length: width }, (_, column) => cells[column] ?? null)
  })
}

/** As the store takes it: there null leaves a cell as it is. */
const toWritten = (cells: (Cell | null)[]): Cell[] => cells.map((cell) => cell ?? '')
