// Cells as text, to compare what was written with what stands.
import { crc32 } from 'node:zlib'
import { isMoment } from '../google/number-format.ts'
import type { Cell } from '../rows/columns.ts'
import { dayOf, serialOf } from '../rows/date-cells.ts'

/** Of a cell to be. Small, and no answer is held. */
export const sumOf = (cell: Cell): number => crc32(toText(isMoment(cell) ? cell.serial : cell))

/** Whether a cell as Sheets has it is the one to be. A day is the same as text and as a date, whichever the form said then. */
export function isAsWritten(cell: unknown, sum: number): boolean {
  if (crc32(toText(cell)) === sum) return true
  const other = typeof cell === 'number' ? dayOf(cell) : serialOf(toText(cell))
  return other !== undefined && sumOf(other) === sum
}

/** One text for a value and for what Sheets makes of it: 15 digits, line ends of one kind, typed by hand or written. */
export function toText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE'
  if (typeof cell === 'number') return String(Number(cell.toPrecision(15)))
  return String(cell).replaceAll('\r\n', '\n')
}

/** Whether one cell under `submitted at` is later than another. No comparison takes a day: what is later still is a person's own. */
export function isLater(cell: unknown, began: Cell): boolean {
  const [clock, from] = [clockOf(cell), clockOf(isMoment(began) ? began.serial : began)]
  return clock !== undefined && from !== undefined && clock >= from && clock < from + 1
}

/** In days, by the clocks that the cell is written by. */
const clockOf = (cell: unknown): number | undefined =>
  typeof cell === 'number' ? cell : serialOf(toText(cell))
