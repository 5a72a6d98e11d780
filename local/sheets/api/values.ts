// Google's `spreadsheets.values`: cells by range, without anything around them.
import * as z from 'zod'
import type { Cell } from '../store/cells.ts'
import { isDated, plain, shown } from '../store/number-format.ts'
import type { Book } from '../store/open-store.ts'
import { formatRange } from './a1.ts'
import { findRange, landing, type Range } from './find-range.ts'
import { check } from './google-error.ts'

export const maxCell = 50_000

const cell = z.union(
  [
    z.string().max(maxCell, {
      error: `Your input contains more than the maximum of ${maxCell} characters in a single cell.`,
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
const dataOf = z.object({
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

/** As a spreadsheet shows it. */
export function formatted(value: Cell): string {
  if (isDated(value)) return shown(value)
  if (typeof value === 'boolean') return String(value).toUpperCase()
  const fraction = typeof value === 'number' && !Number.isInteger(value)
  return String(fraction ? Number(value.toPrecision(10)) : value)
}

export function getValues(book: Book, text: string, query: unknown) {
  const { majorDimension, valueRenderOption } = check(reading, query)
  const { tab, box } = findRange(book, text)
  const show = valueRenderOption === 'FORMATTED_VALUE' ? formatted : plain
  const rows: Cell[][] = []
  for (const { number, cells } of book.store.cells.read(tab.key, box)) {
    while (rows.length < number - box.top) rows.push([])
    rows.push(cells.map((value) => (value === null ? '' : show(value))))
  }
  const values = majorDimension === 'ROWS' ? rows : transpose(rows, '')
  const range = formatRange(tab.title, box)
  return { range, majorDimension, ...(values.length && { values }) }
}

export function batchGetValues(book: Book, texts: string[], query: unknown) {
  const valueRanges = texts.map((text) => getValues(book, text, query))
  return { spreadsheetId: book.id, valueRanges }
}

export function updateValues(book: Book, text: string, { query, body }: Record<string, unknown>) {
  check(z.object({ valueInputOption }), query)
  return write(book, findRange(book, text), check(valueRange, body))
}

export function batchUpdateValues(book: Book, body: unknown) {
  const { data } = check(dataOf, body)
  const ranges = data.map(({ range }) => findRange(book, range))
  const responses = data.map((item, n) => write(book, ranges[n]!, item))
  const total = (count: 'updatedRows' | 'updatedColumns' | 'updatedCells') =>
    responses.reduce((sum, response) => sum + response[count], 0)
  return {
    spreadsheetId: book.id,
    totalUpdatedRows: total('updatedRows'),
    totalUpdatedColumns: total('updatedColumns'),
    totalUpdatedCells: total('updatedCells'),
    totalUpdatedSheets: new Set(ranges.map(({ tab }) => tab.key)).size,
    responses,
  }
}

export function clearValues(book: Book, text: string) {
  return { spreadsheetId: book.id, clearedRange: clear(book, findRange(book, text)) }
}

export function batchClearValues(book: Book, body: unknown) {
  const ranges = check(clearing, body).ranges.map((text) => findRange(book, text))
  return { spreadsheetId: book.id, clearedRanges: ranges.map((range) => clear(book, range)) }
}

type ValueRange = z.output<typeof valueRange>

function write(book: Book, range: Range, { values, majorDimension }: ValueRange) {
  const rows = majorDimension === 'ROWS' ? values : transpose(values, null)
  const lands = landing(range, rows)
  const { cells: store, merges } = book.store
  store.write(range.tab.key, lands, merges.uncovered(range.tab.key, lands, rows))
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
    spreadsheetId: book.id,
    updatedRange: formatRange(range.tab.title, lands),
    updatedRows: rows.filter((row) => row.some((value) => value !== null)).length,
    updatedColumns: columns.size,
    updatedCells: cells,
  }
}

function clear({ store }: Book, { tab, box }: Range): string {
  store.cells.clear(tab.key, box)
  return formatRange(tab.title, box)
}

function transpose<T, F>(rows: T[][], fill: F): (T | F)[][] {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0)
  return Array.from({ length: width }, (_, column) => {
    // Up to the last row that has something in this column, so that nothing trails.
    const height = rows.findLastIndex((row) => (row[column] ?? fill) !== fill) + 1
    return rows.slice(0, height).map((row) => row[column] ?? fill)
  })
}
