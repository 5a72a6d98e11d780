// The embedded log: the suite of every adapter, and what is its own.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { FormEvent } from '#kafka/event.ts'
import type { LogRecord } from '#kafka/log.ts'
import { Store } from '#kafka/log-sqlite-store.ts'
import { toMessage } from '#kafka/wire.ts'
import { logConformance } from './conformance.ts'
import { given, topic } from './events.ts'
import { openSqlite } from './sqlite.ts'

logConformance({ open: openSqlite, writer: join(import.meta.dirname, 'sqlite-writer.ts') })

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-log-'))
  await work(folder).finally(() => rm(folder, { recursive: true }))
}

test('a second owner of one file is refused', () =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    await expect(openSqlite(folder)).rejects.toThrow(/belongs to another instance/)
    await log.close()
  }))

const days = 24 * 60 * 60 * 1000

function record(id: string) {
  const { headers, body } = toMessage(given(id, 'one key'))
  return { topic, key: 'one key', headers: JSON.stringify(headers), body }
}

function openStore(folder: string, bytes: number): Store {
  const file = join(folder, 'log.sqlite')
  return new Store(file, [{ name: topic, partitions: 1, retention: { days: 7, bytes } }])
}

test('retention removes what is old, but never what a group has not committed, nor the newest', () =>
  inFolder(async (folder) => {
    const store = openStore(folder, 1e9)
    store.append(['a', 'b', 'c', 'd'].map(record))
    store.subscribe(topic, 'slow', 'earliest')
    store.commit(topic, 'slow', [2])
    store.retain(Date.now() + 6 * days)
    expect(store.read(topic, [0], 10)).toHaveLength(4)
    store.retain(Date.now() + 8 * days)
    expect(store.read(topic, [0], 10).map(({ offset }) => offset)).toEqual([2, 3])
    store.commit(topic, 'slow', [4])
    store.retain(Date.now() + 8 * days)
    expect(store.read(topic, [0], 10).map(({ offset }) => offset)).toEqual([3])
    store.close()
    const again = openStore(folder, 1e9)
    again.append([record('e')])
    expect(again.ends(topic)).toEqual([5])
    again.close()
  }))

test('at its bound a topic refuses appends; what every group has committed makes room', () =>
  inFolder(async (folder) => {
    const size = record('00').headers.length + record('00').body.length
    const store = openStore(folder, size * 10)
    store.subscribe(topic, 'slow', 'earliest')
    const refusals = store.append(
      Array.from({ length: 12 }, (_, n) => record(String(n).padStart(2, '0'))),
    )
    expect(refusals.filter((refusal) => refusal === undefined)).toHaveLength(10)
    expect(refusals[11]).toMatch(/holds its bound/)
    store.retain()
    expect(store.append([record('12')])[0]).toMatch(/holds its bound/)
    store.commit(topic, 'slow', [10])
    store.retain()
    expect(store.append([record('13')])).toEqual([undefined])
    store.close()
  }))

test('an undeclared topic is refused', () =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    await expect(log.append('forms.unknown', given('a'))).rejects.toThrow(/declared topic/)
    await log.close()
  }))

test('data that is no object, or none at all, harms no other append of its batch', () =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    const odd = [undefined, 42, true, 'text'].map((data) => given('odd').cloneWith({ data }))
    await Promise.all([...odd, given('a')].map((event) => log.append(topic, event as FormEvent)))
    const records: LogRecord[] = []
    const all = Promise.withResolvers<void>()
    const consumer = await log.consume({
      topic,
      from: 'earliest',
      inFlight: 10,
      handle: async (record) => {
        if (records.push(record) === 5) all.resolve()
      },
    })
    await all.promise
    await consumer.close()
    await log.close()
    const odds = records.filter(({ headers }) => headers['ce-id'] === 'odd')
    expect(odds.map(({ body }) => body)).toEqual(['', '42', 'true', '"text"'])
  }))

test('at a full queue an append is refused at once, and what waits is written', () =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    const appends = Array.from({ length: 12_000 }, (_, n) => log.append(topic, given(`${n}`)))
    const results = await Promise.allSettled(appends)
    const refused = results.filter(({ status }) => status === 'rejected')
    // One is under way, 10,000 wait.
    expect(refused).toHaveLength(1999)
    expect(refused[0]).toMatchObject({ reason: { name: 'LogUnavailable', begun: false } })
    expect(log.ready()).toBe(true)
    await log.close()
  }))
