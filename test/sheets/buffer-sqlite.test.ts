// The row buffer in a file: the suite of all adapters, and migration and crashes, which are different in a file.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SqliteBuffer } from '../../functions/sheets/buffer/sqlite/buffer.ts'
import { ledgerSchema } from '../../functions/sheets/buffer/sqlite/ledger-tables.ts'
import type { Entry } from '../../functions/sheets/row.ts'
import { bufferConformance } from './buffer-conformance.ts'
import { at, batchOf, entry, formatRows, none, tabOf } from './buffer-entries.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-buffer-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = async () => new SqliteBuffer(join(folder, 'buffer.sqlite'))

describe('conformance of the SQLite buffer', () => bufferConformance({ open }))

test('a second process cannot open the same file', async () => {
  const buffer = await open()
  await expect(open()).rejects.toThrow(/locked/)
  await buffer.close()
})

test('a call that fails halfway changes nothing', async () => {
  const buffer = await open()
  const broken = { ...entry('b'), tab: Symbol('no tab') as unknown as string }
  await expect(buffer.add('s', [entry('a'), broken])).rejects.toThrow()
  expect(await buffer.waiting()).toEqual([])
  const ledger = await buffer.ledger('s', 'Responses')
  const { version } = await ledger.read([])
  const ids = ['a', Symbol('no id') as unknown as string]
  await expect(ledger.begin(batchOf(ids), { version, last: none })).rejects.toThrow()
  expect(await ledger.read(['a'])).toMatchObject({ batch: undefined, rows: new Map() })
  await buffer.add('s', [entry('a')])
  expect((await buffer.waiting()).map(({ rows }) => rows)).toEqual([1])
  await buffer.close()
})

/** A buffer of an earlier version: entries without a tab, and a ledger for each spelling of a title. */
function writeEarlierBuffer(waiting: Entry[], recorded: Record<string, string>): void {
  const old = new DatabaseSync(join(folder, 'buffer.sqlite'))
  old.exec(`${ledgerSchema} CREATE TABLE entry (
    spreadsheet TEXT, id TEXT, time TEXT, entry TEXT, PRIMARY KEY (spreadsheet, id)
  ); CREATE INDEX entry_order ON entry (spreadsheet, time, id)`)
  const wait = old.prepare("INSERT INTO entry VALUES ('s', ?, ?, ?)")
  for (const one of waiting) wait.run(one.id, one.time, JSON.stringify(one))
  for (const [tab, id] of Object.entries(recorded)) {
    old.prepare("INSERT INTO part VALUES ('s', ?, 1, 3)").run(tab)
    old.prepare("INSERT INTO row VALUES ('s', ?, ?, 1, 2)").run(tab, id)
  }
  old.close()
}

test('entries of an earlier version are separated by tab; case is ignored in titles', async () => {
  const titles = ["It's Ä", "IT'S ä", "it's ä"]
  const waiting = titles.map((tab, n) => entry(`${n}`, n, tab))
  writeEarlierBuffer(waiting, {})
  for (let starts = 0; starts < 2; starts++) {
    const buffer = await open()
    const [title = ''] = titles
    expect(await buffer.waiting()).toEqual([{ ...tabOf('s', title), rows: 3, oldest: at(0) }])
    for (const tab of titles)
      expect(await buffer.due(tabOf('s', tab), at(9), 9)).toEqual(
        waiting.map((one) => ({ ...one, tab: title })),
      )
    await buffer.close()
  }
})

test('rows that an earlier version recorded under a title of other case are not written again', async () => {
  writeEarlierBuffer([entry('b', 1, 'Ä')], { ä: 'a' })
  const buffer = await open()
  await buffer.add('s', [entry('a', 0, 'Ä'), entry('c', 2, 'Ä')])
  expect((await buffer.due(tabOf('s', 'Ä'), at(9), 9)).map(({ id }) => id)).toEqual(['b', 'c'])
  expect(await formatRows(await buffer.ledger('s', 'Ä'), ['a', 'b'])).toEqual(['a 2'])
  await buffer.close()
})

test('rows that an earlier version recorded under two spellings of a title are all found', async () => {
  writeEarlierBuffer([], { ä: 'a', Ä: 'b' })
  const buffer = await open()
  await buffer.add('s', [entry('a', 0, 'Ä'), entry('b', 1, 'ä'), entry('c', 2, 'Ä')])
  expect((await buffer.due(tabOf('s', 'ä'), at(9), 9)).map(({ id }) => id)).toEqual(['c'])
  expect(await formatRows(await buffer.ledger('s', 'ä'), ['a', 'b'])).toEqual(['a 2', 'b 2'])
  await buffer.close()
})

/** Lines printed by a writer that is killed after `lines` of them. */
async function killedWriter(round: number, lines: number): Promise<string[]> {
  const program = join(import.meta.dirname, 'buffer-sqlite-writer.ts')
  const file = join(folder, 'buffer.sqlite')
  const writer = fork(program, [file, String(round)], { silent: true, execArgv: [] })
  const exited = once(writer, 'exit')
  const written: string[] = []
  for await (const line of createInterface({ input: writer.stdout as NodeJS.ReadableStream })) {
    written.push(line)
    if (written.length === lines) writer.kill('SIGKILL')
  }
  await exited
  return written
}

test('after a writer is killed under load, all that it reported is stored', async () => {
  const lines: string[] = []
  for (let kills = 0; kills < 5; kills++)
    lines.push(...(await killedWriter(kills, 500 + kills * 37)))
  const pairs = lines.map((line) => line.split(' ') as [string, string])
  const added = pairs.filter(([, result]) => result === 'added').map(([id]) => id)
  const rows = new Map(pairs.filter(([, result]) => result !== 'added'))
  const buffer = await open()
  const due = new Set((await buffer.due(tabOf('s'), at(1e9), 1e5)).map(({ id }) => id))
  const ledger = await buffer.ledger('s', 'Responses')
  const { rows: locations } = await ledger.read([...rows.keys()])
  await buffer.close()
  const counts = {
    missing: added.filter((id) => !due.has(id)).length,
    changed: [...rows].filter(([id, row]) => String(locations.get(id)?.row) !== row).length,
    twice: rows.size - new Set(rows.values()).size,
  }
  console.log(`kills: 5, added: ${added.length}, rows: ${rows.size}, ${JSON.stringify(counts)}`)
  expect(counts).toEqual({ missing: 0, changed: 0, twice: 0 })
})
