// Adds entries and writes rows without end, in the file of its argument, and prints what is done once it is. Its parent kills it.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SqliteBuffer } from '../../functions/sheets/buffer/sqlite/buffer.ts'
import { entry, record } from './buffer-entries.ts'

const [file = '', round = ''] = process.argv.slice(2)
const buffer = new SqliteBuffer(file)
const ledger = await buffer.ledger('s', 'Responses')
let n = 0

async function lane(): Promise<never> {
  for (;;) {
    const id = `${round}-${n++}`
    await buffer.add('s', [entry(id, n)])
    process.stdout.write(`${id} added\n`)
  }
}

/** One batch after the other, as a flusher has them. */
async function write(): Promise<never> {
  for (let batch = 0; ; batch++) {
    const id = `${round}-row-${batch}`
    const rows = await record(ledger, [id])
    process.stdout.write(`${id} ${rows.get(id)}\n`)
    await nextTurn()
  }
}
const { batch } = await ledger.read([])
if (batch) await ledger.end(batch, new Map())
await Promise.all([write(), ...Array.from({ length: 20 }, lane)])
