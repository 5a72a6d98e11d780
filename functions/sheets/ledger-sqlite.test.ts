import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SqliteLedger } from './ledger-sqlite.ts'

let folder: string
let ledger: SqliteLedger
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-ledger-'))
  ledger = open()
})
afterEach(async () => {
  await ledger.close()
  await rm(folder, { recursive: true })
})

const open = () => new SqliteLedger(join(folder, 'ledger.sqlite'))
const tab = 'demo/Responses'

/** `a 2 fresh`: the id, its row, and whether it was decided just now. */
async function allocate(ids: string[], name = tab): Promise<string[]> {
  return (await ledger.allocate(name, ids)).map(show)
}
const show = ({ id, row, fresh }: { id: string; row: number; fresh: boolean }) =>
  `${id} ${row} ${fresh ? 'fresh' : 'known'}`

test('rows are given from below the header on, in the given order', async () => {
  expect(await allocate(['b', 'a'])).toEqual(['b 2 fresh', 'a 3 fresh'])
  expect(await allocate(['c'])).toEqual(['c 4 fresh'])
})

test('an id keeps its row, beside new ones, and after a restart', async () => {
  await allocate(['a', 'b'])
  expect(await allocate(['c', 'a', 'd'])).toEqual(['c 4 fresh', 'a 2 known', 'd 5 fresh'])
  await ledger.close()
  ledger = open()
  expect(await allocate(['d', 'e'])).toEqual(['d 5 known', 'e 6 fresh'])
})

test('nothing to allocate takes no row', async () => {
  expect(await allocate([])).toEqual([])
  await allocate(['a'])
  await allocate([])
  expect(await allocate(['b'])).toEqual(['b 3 fresh'])
})

test('each tab is numbered by itself', async () => {
  await allocate(['a'])
  expect(await allocate(['a'], 'demo/Other')).toEqual(['a 2 fresh'])
})

test('new rows come below what people wrote, and below all that was given before', async () => {
  await allocate(['a', 'b', 'c'])
  expect((await ledger.reallocate(tab, ['a', 'b'], 10)).map(show)).toEqual([
    'a 11 fresh',
    'b 12 fresh',
  ])
  expect((await ledger.reallocate(tab, ['c'], 5)).map(show)).toEqual(['c 13 fresh'])
  expect(await allocate(['a', 'c', 'd'])).toEqual(['a 11 known', 'c 13 known', 'd 14 fresh'])
})

test('where people moved rows is noted; it takes no new rows', async () => {
  await allocate(['a', 'b'])
  await ledger.place(tab, new Map([['a', 9]]))
  expect(await allocate(['a', 'b', 'c'])).toEqual(['a 9 known', 'b 3 known', 'c 4 fresh'])
})

test('a tab that is taken over keeps the rows that stand in it, and forgets all others', async () => {
  await allocate(['a', 'b'])
  await allocate(['a'], 'demo/Other')
  await ledger.rebuild(tab, new Map([['x', 4]]), 7)
  expect(await allocate(['a', 'x'])).toEqual(['a 8 fresh', 'x 4 known'])
  expect(await allocate(['a'], 'demo/Other')).toEqual(['a 2 known'])
})

test('an empty tab that is taken over begins below the header', async () => {
  await allocate(['a', 'b'])
  await ledger.rebuild(tab, new Map(), 0)
  expect(await allocate(['c'])).toEqual(['c 2 fresh'])
})

test('what fails in its middle leaves nothing behind', async () => {
  await allocate(['a'])
  const broken = ['b', null as unknown as string, Symbol('c') as unknown as string]
  await expect(ledger.allocate(tab, broken)).rejects.toThrow()
  expect(await allocate(['b'])).toEqual(['b 3 fresh'])
})

test('a ledger has an id of its own, which it keeps', async () => {
  const { id } = ledger
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  await ledger.close()
  ledger = open()
  expect(ledger.id).toBe(id)
  const other = new SqliteLedger(join(folder, 'other.sqlite'))
  expect(other.id).not.toBe(id)
  await other.close()
})

test('a second owner of one file is refused', async () => {
  await allocate(['a'])
  expect(open).toThrow(/locked/)
})
