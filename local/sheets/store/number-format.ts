// Numbers that are shown as days and times. The emulator keeps a format with the number that has it; empty cells have none.
import * as z from 'zod'
import type { Cell } from './cells.ts'

export type Dated = { number: number; pattern: keyof typeof shownAs }

const shownAs = {
  'yyyy-mm-dd': (iso: string) => iso.slice(0, 'yyyy-mm-dd'.length),
  'yyyy-mm-dd hh:mm:ss': (iso: string) =>
    iso.slice(0, 'yyyy-mm-ddThh:mm:ss'.length).replace('T', ' '),
}
const types = { 'yyyy-mm-dd': 'DATE', 'yyyy-mm-dd hh:mm:ss': 'DATE_TIME' }

const known = Object.keys(shownAs) as Dated['pattern'][]
export const numberFormat = z.object({
  type: z.enum(['DATE', 'TIME', 'DATE_TIME']),
  pattern: z.enum(known, { error: `This emulator knows the patterns ${known.join(', ')} only` }),
})

export const isDated = (cell: Cell | null): cell is Dated =>
  typeof cell === 'object' && cell !== null

/** The value without its format. */
export const plain = (cell: Cell): string | number | boolean => (isDated(cell) ? cell.number : cell)

/** Without a pattern: as a number. What is no number has no use of it. */
export function withPattern(cell: Cell | null, pattern: Dated['pattern'] | undefined): Cell | null {
  const value = cell === null ? null : plain(cell)
  return typeof value === 'number' && pattern ? { number: value, pattern } : value
}

export function shown({ number, pattern }: Dated): string {
  // To the second, from 1970-01-01 on.
  const at = new Date(Math.round((number - 25_569) * 86_400) * 1000)
  return Number.isNaN(at.getTime()) ? String(number) : shownAs[pattern](at.toISOString())
}

export const formatOf = ({ pattern }: Dated) => ({
  numberFormat: { type: types[pattern], pattern },
})
