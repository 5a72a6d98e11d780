// Adds and gives rows without end, in the file of its argument, and prints what is done once it is. Its parent kills it.
import { SqliteBuffer } from '../../functions/sheets/buffer-sqlite.ts'
import { entry } from './buffer-entries.ts'

const [file = '', round = ''] = process.argv.slice(2)
const buffer = new SqliteBuffer(file)
const ledger = await buffer.ledger('s', 'Responses')
let n = 0

async function lane(): Promise<never> {
  for (;;) {
    const id = `${round}-${n++}`
    await buffer.add('s', [entry(id, n)])
    process.stdout.write(`${id} added\n`)
    const [given] = await ledger.allocate([{ id, time: '' }], 1e6)
    process.stdout.write(`${id} ${given?.row}\n`)
  }
}
await Promise.all(Array.from({ length: 20 }, lane))
