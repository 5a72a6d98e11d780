// Google's `spreadsheets.values`: reads, writes and clears cells by range.
import * as z from 'zod'
import { type Cell, displayText, maxCellText, plainValue } from '../store/cell-values.ts'
import type { Spreadsheet } from '../store/open-store.ts'
import { formatRange } from './a1.ts'
import { findRange, type Range, targetBox } from './find-range.ts'
import { check } from './google-error.ts'

const cell = z.union(
  [
    z.string().max(maxCellText, {
      error: `Your input contains more than the maximum of ${maxCellText} characters in a single cell.`,
    }),
    z.number(),
    z.boolean(),
    z.null(),
  ],
  { error: 'Expected a string, a number, a boolean or null' },
)
const majorDimension = z.enum(['ROWS', 'COLUMNS']).default('ROWS')
const valueInputOption = z.literal('RAW', {
  error: 'This emulator takes valueInputOption RAW only: it evaluates nothing',
})
const valueRange = z.object({ majorDimension, values: z.array(z.array(cell)).default([]) })
const batch = z.object({
  valueInputOption,
  data: z.array(valueRange.extend({ range: z.string() })).default([]),
})
const clearing = z.object({ ranges: z.array(z.string()).default([]) })
const reading = z.object({
  majorDimension,
  valueRenderOption: z
    .enum(['FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA'])
    .default('FORMATTED_VALUE'),
})

export function getValues(spreadsheet: Spreadsheet, text: string, query: unknown) {
  const { majorDimension, valueRenderOption } = check(reading, query)
  const { tab, box } = findRange(spreadsheet, text)
  const show = valueRenderOption === 'FORMATTED_VALUE' ? displayText : plainValue
  const rows: Cell[][] = []
  for (const { number, cells } of spreadsheet.store.cells.read(tab.key, box)) {
    while (rows.length < number - box.top) rows.push([])
    rows.push(cells.map((value) => (value === null ? '' : show(value))))
  }
  const values = majorDimension === 'ROWS' ? rows : transpose(rows, '')
  const range = formatRange(tab.title, box)
  return { range, majorDimension, ...(values.length && { values }) }
}

export function batchGetValues(spreadsheet: Spreadsheet, texts: string[], query: unknown) {
  const valueRanges = texts.map((text) => getValues(spreadsheet, text, query))
  return { spreadsheetId: spreadsheet.id, valueRanges }
}

export function updateValues(
  spreadsheet: Spreadsheet,
  text: string,
  { query, body }: Record<string, unknown>,
) {
  check(z.object({ valueInputOption }), query)
  return write(spreadsheet, findRange(spreadsheet, text), check(valueRange, body))
}

export function batchUpdateValues(spreadsheet: Spreadsheet, body: unknown) {
  const { data } = check(batch, body)
  const ranges = data.map(({ range }) => findRange(spreadsheet, range))
  const responses = data.map((item, n) => write(spreadsheet, ranges[n]!, item))
  const total = (count: 'updatedRows' | 'updatedColumns' | 'updatedCells') =>
    responses.reduce((sum, response) => sum + response[count], 0)
  return {
    spreadsheetId: spreadsheet.id,
    totalUpdatedRows: total('updatedRows'),
    totalUpdatedColumns: total('updatedColumns'),
    totalUpdatedCells: total('updatedCells'),
    totalUpdatedSheets: new Set(ranges.map(({ tab }) => tab.key)).size,
    responses,
  }
}

export function clearValues(spreadsheet: Spreadsheet, text: string) {
  return {
    spreadsheetId: spreadsheet.id,
    clearedRange: clear(spreadsheet, findRange(spreadsheet, text)),
  }
}

export function batchClearValues(spreadsheet: Spreadsheet, body: unknown) {
  const ranges = check(clearing, body).ranges.map((text) => findRange(spreadsheet, text))
  return {
    spreadsheetId: spreadsheet.id,
    clearedRanges: ranges.map((range) => clear(spreadsheet, range)),
  }
}

type ValueRange = z.output<typeof valueRange>

function write(spreadsheet: Spreadsheet, range: Range, { values, majorDimension }: ValueRange) {
  const rows = majorDimension === 'ROWS' ? values : transpose(values, null)
  const target = targetBox(range, rows)
  const { cells: store, merges } = spreadsheet.store
  store.write(range.tab.key, target, merges.withoutHidden(range.tab.key, target, rows))
  const columns = new Set<number>()
  let cells = 0
  for (const row of rows) {
    row.forEach((value, column) => {
      if (value === null) return
      cells += 1
      columns.add(column)
    })
  }
  return {
    spreadsheetId: spreadsheet.id,
    updatedRange: formatRange(range.tab.title, target),
    updatedRows: rows.filter((row) => row.some((value) => value !== null)).length,
    updatedColumns: columns.size,
    updatedCells: cells,
  }
}

function clear({ store }: Spreadsheet, { tab, box }: Range): string {
  store.cells.clear(tab.key, box)
  return formatRange(tab.title, box)
}

function transpose<T, F>(rows: T[][], fill: F): (T | F)[][] {
  const width = rows.reduce((max, row) => Math.max(max, row.length), 0)
  return Array.from({ length: width }, (_, column) => {
    // Up to the last row that has a value in this column.
    const height = rows.findLastIndex((row) => (row[column] ?? fill) !== fill) + 1
    return rows.slice(0, height).map((row) => row[column] ?? fill)
  })
}
