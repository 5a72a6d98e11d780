// Values of cells. The format of a number (date or time) is stored with it, so an empty cell has no format.
import * as z from 'zod'

/** The value of a cell that is not empty. */
export type Cell = string | number | boolean | FormattedNumber

/** Characters (UTF-16) of text in a cell. */
export const maxCellText = 50_000

export type FormattedNumber = { number: number; pattern: Pattern }

export type Pattern = keyof typeof patterns

const patterns = {
  'yyyy-mm-dd': { type: 'DATE', show: (iso: string) => iso.slice(0, 'yyyy-mm-dd'.length) },
  'yyyy-mm-dd hh:mm:ss': {
    type: 'DATE_TIME',
    show: (iso: string) => iso.slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace('T', ' '),
  },
}

const known = Object.keys(patterns) as Pattern[]
export const numberFormat = z.object({
  type: z.enum(['DATE', 'TIME', 'DATE_TIME']),
  pattern: z.enum(known, { error: `This emulator knows the patterns ${known.join(', ')} only` }),
})

export const isFormatted = (cell: Cell | null): cell is FormattedNumber =>
  typeof cell === 'object' && cell !== null

/** The value without its format. */
export const plainValue = (cell: Cell): string | number | boolean =>
  isFormatted(cell) ? cell.number : cell

/** Formats numbers only. Without a pattern it removes the format. */
export function withPattern(cell: Cell | null, pattern: Pattern | undefined): Cell | null {
  const value = cell === null ? null : plainValue(cell)
  return typeof value === 'number' && pattern ? { number: value, pattern } : value
}

/** The text that a spreadsheet shows for the value. */
export function displayText(value: Cell): string {
  if (isFormatted(value)) return dateText(value)
  if (typeof value === 'boolean') return String(value).toUpperCase()
  const fraction = typeof value === 'number' && !Number.isInteger(value)
  return String(fraction ? Number(value.toPrecision(10)) : value)
}

/** Sheets counts days from 1899-12-30; 25,569 is 1970-01-01. Rounded to seconds. */
function dateText({ number, pattern }: FormattedNumber): string {
  const date = new Date(Math.round((number - 25_569) * 86_400) * 1000)
  return Number.isNaN(date.getTime()) ? String(number) : patterns[pattern].show(date.toISOString())
}

/** In the words of Google's API. */
export const toUserEnteredFormat = ({ pattern }: FormattedNumber) => ({
  numberFormat: { type: patterns[pattern].type, pattern },
})
