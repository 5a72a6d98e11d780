// Entries for tests of the sheets task's buffer, a ledger that gives rows, and how rows are shown.
import type { Allocation, Buffer, Entry, Ledger } from '../../functions/sheets/buffer.ts'

const start = Date.parse('2026-01-01T00:00:00.000Z')
/** Milliseconds after the start, in ISO 8601. */
export const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString()

/** Of one form an id is written once, wherever its rows go: tests that share a buffer have forms of their own. */
export const entriesOf =
  (form: string) =>
  (id: string, milliseconds = 0, tab = 'Responses'): Entry => ({
    id,
    time: at(milliseconds),
    tab,
    cause: { id: `${id}.validation.0`, subject: id, time: at(milliseconds), form },
    values: [
      ['name', `=Ann ${id} ✓`],
      ['age', 7],
      ['gone', null],
    ],
  })

export const entry = entriesOf('demo')

/** A ledger that gives rows: one that was never seen has to be looked into first. */
export async function lookedInto(
  buffer: Buffer,
  spreadsheet: string,
  tab = 'Responses',
): Promise<Ledger> {
  const ledger = await buffer.ledger(spreadsheet, tab)
  if (ledger.suspect) await ledger.trust(1, new Map(), 1)
  return ledger
}

/** The tab that the entries name. */
export const tabOf = (spreadsheet: string, tab = 'Responses') => ({ spreadsheet, tab })

/** `a 2 fresh`: the id, its row (`2:5` in the second part), and what is said of it. */
export const show = ({ id, part, row, fresh, late }: Allocation): string =>
  [id, part === 1 ? row : `${part}:${row}`, fresh ? 'fresh' : 'known', late ? 'late' : '']
    .join(' ')
    .trim()
