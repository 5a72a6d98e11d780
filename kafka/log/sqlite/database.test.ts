import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { explainSqliteError, openDatabase, transaction } from './database.ts'

test.each([
  [
    'attempt to write a readonly database',
    'Expected a.sqlite to be writable, found it read-only: change its owner',
  ],
  ['database disk image is malformed', 'Expected a.sqlite to be intact, found it damaged'],
  ['file is not a database', 'Expected a.sqlite to be intact, found it damaged'],
  ['database is locked', 'a.sqlite belongs to another instance'],
  ['unable to open database file', 'Expected to open a.sqlite'],
  ['database or disk is full', 'The disk of a.sqlite is full: free some space'],
  ['something else', 'a.sqlite: something else'],
])('"%s" is explained with the name of the file and the cause', (message, expected) => {
  const cause = new Error(message)
  const explained = explainSqliteError('a.sqlite', cause)
  expect(explained.message.startsWith(expected)).toBe(true)
  expect(explained.message).toContain(message)
  expect(explained.cause).toBe(cause)
})

test('a transaction that throws writes nothing, and the next one works', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-database-'))
  const db = openDatabase(join(folder, 'a.sqlite'), 'CREATE TABLE IF NOT EXISTS t (n INTEGER)')
  const insert = (n: number) => db.prepare('INSERT INTO t VALUES (?)').run(n)
  const failing = () => {
    insert(1)
    throw new Error('no')
  }
  expect(() => transaction(db, failing)).toThrow('no')
  transaction(db, () => insert(2))
  expect(db.prepare('SELECT n FROM t').all()).toEqual([{ n: 2 }])
  db.close()
  await rm(folder, { recursive: true })
})
