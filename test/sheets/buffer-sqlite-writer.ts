// Adds entries and records rows in the file of its argument until it is killed. Prints each one after it is stored.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SqliteBuffer } from '../../functions/sheets/buffer/sqlite/buffer.ts'
import { entry, record } from './buffer-entries.ts'

const [file = '', round = ''] = process.argv.slice(2)
const buffer = new SqliteBuffer(file)
const ledger = await buffer.ledger('s', 'Responses')
let n = 0

async function addForever(): Promise<never> {
  for (;;) {
    const id = `${round}-${n++}`
    await buffer.add('s', [entry(id, n)])
    process.stdout.write(`${id} added\n`)
  }
}

/** One batch at a time, like a flusher. */
async function recordForever(): Promise<never> {
  for (let batch = 0; ; batch++) {
    const id = `${round}-row-${batch}`
    const rows = await record(ledger, [id])
    process.stdout.write(`${id} ${rows.get(id)}\n`)
    await nextTurn()
  }
}
const { batch } = await ledger.read([])
if (batch) await ledger.end(batch, new Map())
await Promise.all([recordForever(), ...Array.from({ length: 20 }, addForever)])
