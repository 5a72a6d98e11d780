// Requests that write, sort, and cut and paste cells.
import * as z from 'zod'
import { type Box, contains, overlaps } from '../../store/box.ts'
import { type Cell, maxCellText, plainValue } from '../../store/cell-values.ts'
import type { Spreadsheet } from '../../store/open-store.ts'
import { parseFieldMask, selects } from '../field-mask.ts'
import { invalid } from '../google-error.ts'
import { boxOf, checkFits, coordinate, gridRange, tabOf } from '../grid-range.ts'
import { request } from './define-request.ts'

/** Without a schema for each cell, which would be slow: a batch has tens of thousands of cells. */
const rowData = z
  .looseObject({ values: z.array(z.unknown()).default([]) })
  .transform(({ values }) => values.map(toCell))

/** A cell without a value is emptied, as the mask includes the field. */
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
  (spreadsheet, { rows, fields, start, range }) => {
    if (!start === !range) throw invalid('Expected either start or range')
    if (!selects(parseFieldMask(fields), ['userEnteredValue'])) return {}
    const target = range ? boxOf(spreadsheet, range) : undefined
    const tab = target?.tab ?? tabOf(spreadsheet, start?.sheetId ?? 0)
    const top = target?.box.top ?? start?.rowIndex ?? 0
    const left = target?.box.left ?? start?.columnIndex ?? 0
    refuseLongText(rows)
    const width = rows.reduce((max, row) => Math.max(max, row.length), 0)
    const written = { top, left, bottom: top + rows.length, right: left + width }
    checkFits(tab, written)
    if (target) {
      if (!contains(target.box, written)) throw invalid('Expected rows that fit the range')
      spreadsheet.store.cells.clear(tab.key, target.box)
    }
    spreadsheet.store.cells.write(
      tab.key,
      written,
      spreadsheet.store.merges.withoutHidden(tab.key, written, rows),
    )
    return {}
  },
)

function refuseLongText(rows: Cell[][]): void {
  if (!rows.flat().some((cell) => typeof cell === 'string' && cell.length > maxCellText)) return
  throw invalid(
    `Your input contains more than the maximum of ${maxCellText} characters in a single cell.`,
  )
}

const sortSpec = z.object({
  dimensionIndex: z.int().min(0).default(0),
  sortOrder: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING'),
})

/** Values move to other rows, metadata of rows stays. Empty cells come last. */
const sortRange = request(
  z.object({ range: gridRange, sortSpecs: z.array(sortSpec).min(1) }),
  (spreadsheet, { range, sortSpecs }) => {
    const { tab, box } = boxOf(spreadsheet, range)
    if (
      spreadsheet.store.merges.ofTab(tab.key).some((merge) => overlaps(merge, box) && isTall(merge))
    )
      throw invalid("You can't sort a range with vertical merges.")
    const rows = rowsOf(spreadsheet, tab.key, box)
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
    spreadsheet.store.cells.write(tab.key, box, sorted.map(emptyToText))
    return {}
  },
)

const isTall = ({ top, bottom }: Box): boolean => bottom - top > 1

function compare(first: Cell | null = null, second: Cell | null = null, order: string): number {
  if (first === null || second === null) return Number(first === null) - Number(second === null)
  const [one, other] = [plainValue(first), plainValue(second)]
  const rank = (cell: Cell) => ['number', 'string', 'boolean'].indexOf(typeof cell)
  const sign = order === 'ASCENDING' ? 1 : -1
  if (rank(one) !== rank(other)) return sign * (rank(one) - rank(other))
  if (one === other) return 0
  return sign * (one < other ? -1 : 1)
}

const cutPaste = request(
  z.object({ source: gridRange, destination: coordinate, pasteType: z.string().optional() }),
  (spreadsheet, { source, destination }) => {
    const { tab, box } = boxOf(spreadsheet, source)
    const target = tabOf(spreadsheet, destination.sheetId)
    const [top, left] = [destination.rowIndex, destination.columnIndex]
    const pasted = {
      top,
      left,
      bottom: top + box.bottom - box.top,
      right: left + box.right - box.left,
    }
    checkFits(target, pasted)
    const touched = [...spreadsheet.store.merges.ofTab(tab.key)].some(
      (merge) => overlaps(merge, box) || overlaps(merge, pasted),
    )
    if (touched) throw invalid('This emulator cuts and pastes no merged cells')
    const rows = rowsOf(spreadsheet, tab.key, box)
    spreadsheet.store.cells.clear(tab.key, box)
    spreadsheet.store.cells.write(target.key, pasted, rows.map(emptyToText))
    return {}
  },
)

export const cellRequests = { updateCells, sortRange, cutPaste }

/** Each row of the box, as wide as the box. */
function rowsOf({ store }: Spreadsheet, tab: number, box: Box): (Cell | null)[][] {
  const width = box.right - box.left
  const found = new Map(store.cells.read(tab, box).map(({ number, cells }) => [number, cells]))
  return Array.from({ length: box.bottom - box.top }, (_, n) => {
    const cells = found.get(box.top + n) ?? []
    return Array.from({ length: width }, (_, column) => cells[column] ?? null)
  })
}

/** For the store, null leaves a cell unchanged and '' empties it. */
const emptyToText = (cells: (Cell | null)[]): Cell[] => cells.map((cell) => cell ?? '')
