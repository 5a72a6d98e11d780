// Cells as text, to compare what was written with what stands.
import { crc32 } from 'node:zlib'

/** Small, and no answer is held. */
export const sumOf = (cell: unknown): number => crc32(toText(cell))

/** One text for a value and for what Sheets makes of it: 15 digits, line ends of one kind, typed by hand or written. */
export function toText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE'
  if (typeof cell === 'number') return String(Number(cell.toPrecision(15)))
  return String(cell).replaceAll('\r\n', '\n')
}
