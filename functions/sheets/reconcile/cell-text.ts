// Cells as text, to compare what was written with what the sheet has.
import { crc32 } from 'node:zlib'
import { type Cell, isDateCell } from '../row.ts'
import { toDay, toSerial } from '../rows/date-cells.ts'

/** Checksum of a cell that should be in the sheet. It needs little memory and holds no answer. */
export const checksumOf = (cell: Cell): number =>
  crc32(toText(isDateCell(cell) ? cell.serial : cell))

/** Compares a cell of the sheet. A date equals the same date as text, since the form may have had the other setting then. */
export function hasChecksum(cell: unknown, checksum: number): boolean {
  if (crc32(toText(cell)) === checksum) return true
  const otherForm = typeof cell === 'number' ? toDay(cell) : toSerial(toText(cell))
  return otherForm !== undefined && checksumOf(otherForm) === checksum
}

/** The same text for a value and for what Sheets returns for it: 15 digits, one kind of line end. */
export function toText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE'
  if (typeof cell === 'number') return String(Number(cell.toPrecision(15)))
  return String(cell).replaceAll('\r\n', '\n')
}

/** Whether a cell under `submitted at` is at most a day later than `start`. A still later one was typed by a person. */
export function isLater(cell: unknown, start: Cell): boolean {
  const [time, from] = [toDays(cell), toDays(isDateCell(start) ? start.serial : start)]
  return time !== undefined && from !== undefined && time >= from && time < from + 1
}

/** Days since 1899-12-30, by the clock of the form's time zone. */
const toDays = (cell: unknown): number | undefined =>
  typeof cell === 'number' ? cell : toSerial(toText(cell))
