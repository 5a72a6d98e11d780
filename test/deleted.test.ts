// Deleted records are overwritten in the SQLite files, so that no answers can be recovered.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Store } from '#kafka/log/sqlite/store.ts'
import { SqliteFile } from '../functions/sheets/buffer/sqlite/file.ts'
import { openSheetsDatabase } from '../local/sheets/store/database.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-deleted-'))
  file = join(folder, 'a.sqlite')
})
afterEach(() => rm(folder, { recursive: true }))

/** One is longer than a page, so that SQLite stores it in overflow pages. */
const answers = [40, 20_000].map((length) => 'private-'.repeat(length / 8))

const holds = async (): Promise<boolean> => (await readFile(file)).includes('private-private-')

test('records deleted by retention are overwritten in the log', async () => {
  const topic = { name: 't', partitions: 1, retention: { days: 7, bytes: 1e9 } }
  const record = { topic: topic.name, form: 'f', key: 'k', headers: '{}' }
  let store = new Store(file, [topic])
  store.append([...answers, 'the newest stays'].map((body) => ({ ...record, body })))
  store.close()
  expect(await holds()).toBe(true)
  store = new Store(file, [topic])
  store.retain(Date.now() + 8 * 86_400_000)
  store.close()
  expect(await holds()).toBe(false)
})

test('rows that were written are overwritten in the buffer', async () => {
  const schema = 'CREATE TABLE IF NOT EXISTS t (text TEXT)'
  let buffer = new SqliteFile(file, schema)
  for (const answer of answers) buffer.run('INSERT INTO t VALUES (?)', answer)
  buffer.close()
  expect(await holds()).toBe(true)
  buffer = new SqliteFile(file, schema)
  buffer.run('DELETE FROM t WHERE text LIKE ?', 'private%')
  buffer.close()
  expect(await holds()).toBe(false)
})

test('deleted rows are overwritten in the emulator', async () => {
  let db = openSheetsDatabase(file)
  const insert = db.prepare('INSERT INTO line VALUES (1, ?, ?)')
  for (const [number, answer] of answers.entries()) insert.run(number, answer)
  db.close()
  expect(await holds()).toBe(true)
  db = openSheetsDatabase(file)
  db.exec('DELETE FROM line WHERE tab = 1')
  db.close()
  expect(await holds()).toBe(false)
})
