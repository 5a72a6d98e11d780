// Entries for tests of the sheets task's buffer, batches of rows for its ledger, and how rows are shown.
import type { Ledger, Order, RowBatch, RowBuffer } from '../../functions/sheets/buffer/port.ts'
import type { Entry } from '../../functions/sheets/row.ts'

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

/** A ledger that is written to: one that was never seen has to be looked into first. */
export async function lookedInto(
  buffer: RowBuffer,
  spreadsheet: string,
  tab = 'Responses',
): Promise<Ledger> {
  const ledger = await buffer.ledger(spreadsheet, tab)
  if (ledger.suspect) await ledger.trust(1, new Map())
  return ledger
}

/** The tab that the entries name. */
export const tabOf = (spreadsheet: string, tab = 'Responses') => ({ spreadsheet, tab })

export const none: Order = { time: '', id: '' }

let batches = 0
export const batchOf = (ids: string[], part = 1): RowBatch => ({
  id: ++batches,
  part,
  ids,
  late: 0,
  before: none,
})

/** Begins a batch, the first of those that are under way. */
export async function begin(ledger: Ledger, ids: string[], part = 1): Promise<RowBatch> {
  const batch = batchOf(ids, part)
  const { version, last } = await ledger.read([])
  await ledger.begin(batch, { version, last })
  return batch
}

/** Writes rows below the last, as a sheet would have them. */
export async function record(
  ledger: Ledger,
  ids: string[],
  part = 1,
): Promise<Map<string, number>> {
  const known = await ledger.read([])
  const first = part === known.part ? known.next : 2
  const rows = new Map(ids.map((id, n) => [id, first + n]))
  await ledger.end(await begin(ledger, ids, part), rows)
  return rows
}

/** `a 2`: the id and its row; `a 2:5` in the second part. */
export async function shown(ledger: Ledger, ids: string[]): Promise<string[]> {
  const { rows } = await ledger.read(ids)
  return [...rows].map(([id, { part, row }]) => `${id} ${part === 1 ? row : `${part}:${row}`}`)
}
