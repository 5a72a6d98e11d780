// Entries and batches for tests of the row buffer and its ledger.
import type { Ledger, Order, RowBatch, RowBuffer } from '../../functions/sheets/buffer/port.ts'
import type { Entry } from '../../functions/sheets/row.ts'

const start = Date.parse('2026-01-01T00:00:00.000Z')
/** The time `milliseconds` after the start of 2026, in ISO 8601. */
export const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString()

/** Makes entries of a form. A buffer writes an id of a form once, so tests that share a buffer use different forms. */
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
      ['removed', null],
    ],
  })

export const entry = entriesOf('demo')

/** A ledger that can begin batches: a new one must be trusted first. */
export async function trustedLedger(
  buffer: RowBuffer,
  spreadsheet: string,
  tab = 'Responses',
): Promise<Ledger> {
  const ledger = await buffer.ledger(spreadsheet, tab)
  if (ledger.suspect) await ledger.trust(1, new Map())
  return ledger
}

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

/** Begins a batch on the current version of the ledger. */
export async function begin(ledger: Ledger, ids: string[], part = 1): Promise<RowBatch> {
  const batch = batchOf(ids, part)
  const { version, last } = await ledger.read([])
  await ledger.begin(batch, { version, last })
  return batch
}

/** Records rows for the ids, below the last row of the part. */
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

/** `a 2` for the id a in row 2, `a 2:5` for row 5 of the second part. */
export async function formatRows(ledger: Ledger, ids: string[]): Promise<string[]> {
  const { rows } = await ledger.read(ids)
  return [...rows].map(([id, { part, row }]) => `${id} ${part === 1 ? row : `${part}:${row}`}`)
}
