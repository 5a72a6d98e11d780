// The embedded log: the suite of all adapters, and retention, size limits and migration, which only it has.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from '@jest/globals'
import type { LogRecord } from '#kafka/log/port.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { Store } from '#kafka/log/sqlite/store.ts'
import { logConformance } from './conformance.ts'
import { openSqlite } from './sqlite.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

logConformance({ open: openSqlite, writer: join(import.meta.dirname, 'sqlite-writer.ts') })

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-log-'))
  await work(folder).finally(() => rm(folder, { recursive: true }))
}

test('a second process cannot open the same file', () =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    await expect(openSqlite(folder)).rejects.toThrow(/belongs to another instance/)
    await log.close()
  }))

const days = 24 * 60 * 60 * 1000

function record(id: string) {
  const { headers, body } = makeSubmission(id, 'one key')
  return { topic, form: 'demo', key: 'one key', headers: JSON.stringify(headers), body }
}

function openStore(folder: string, bytes: number): Store {
  const file = join(folder, 'log.sqlite')
  return new Store(file, [{ name: topic, partitions: 1, retention: { days: 7, bytes } }])
}

test('retention deletes old records, but none that a group has not committed, and not the newest', () =>
  inFolder(async (folder) => {
    const store = openStore(folder, 1e9)
    store.append(['a', 'b', 'c', 'd'].map(record))
    store.subscribe(topic, 'slow', 'earliest')
    store.commit(topic, 'slow', { offsets: [2], ahead: [] })
    store.retain(Date.now() + 6 * days)
    expect(store.read(topic, [0], 10)).toHaveLength(4)
    store.retain(Date.now() + 8 * days)
    expect(store.read(topic, [0], 10).map(({ offset }) => offset)).toEqual([2, 3])
    store.commit(topic, 'slow', { offsets: [4], ahead: [] })
    store.retain(Date.now() + 8 * days)
    expect(store.read(topic, [0], 10).map(({ offset }) => offset)).toEqual([3])
    store.close()
    const again = openStore(folder, 1e9)
    again.append([record('e')])
    expect(again.ends(topic)).toEqual([5])
    again.close()
  }))

test('at its size limit a topic refuses appends until all groups have committed older records', () =>
  inFolder(async (folder) => {
    const size = record('00').headers.length + record('00').body.length
    const store = openStore(folder, size * 10)
    store.subscribe(topic, 'slow', 'earliest')
    const refusals = store.append(
      Array.from({ length: 12 }, (_, n) => record(String(n).padStart(2, '0'))),
    )
    expect(refusals.filter((refusal) => refusal === undefined)).toHaveLength(10)
    expect(refusals[11]?.reason).toMatch(/is full/)
    store.retain()
    expect(store.append([record('12')])[0]?.reason).toMatch(/is full/)
    store.commit(topic, 'slow', { offsets: [10], ahead: [] })
    store.retain()
    expect(store.append([record('13')])).toEqual([undefined])
    store.close()
  }))

test('records that a stopped group has not committed are kept', () =>
  inFolder(async (folder) => {
    const store = openStore(folder, 1e9)
    store.append(['a', 'b', 'c'].map(record))
    store.subscribe(topic, 'stopped', 'earliest')
    store.close()
    const again = openStore(folder, 1e9)
    again.subscribe(topic, 'running', 'earliest')
    again.commit(topic, 'running', { offsets: [3], ahead: [] })
    again.retain(Date.now() + 8 * days)
    expect(again.read(topic, [0], 10)).toHaveLength(3)
    again.close()
  }))

const letters = 'forms.dead-letter'

test('a form can fill only its share of a topic, also after a restart; other forms can still be appended', () =>
  inFolder(async (folder) => {
    const ofForm = (form: string) => ({ ...record('a'), topic: letters, form })
    const size = record('a').headers.length + record('a').body.length
    const declared = (bytes: number) => [
      { name: letters, partitions: 1, retention: { days: null, bytes, formShare: 0.5 } },
    ]
    const open = (bytes: number) => new Store(join(folder, 'log.sqlite'), declared(bytes))
    const store = open(size * 10)
    const refusals = store.append(Array.from({ length: 7 }, () => ofForm('poison')))
    expect(refusals.filter((refusal) => refusal === undefined)).toHaveLength(5)
    expect(refusals.at(-1)).toEqual({
      reason: `The share of form poison in topic ${letters}, ${size * 5} bytes, is full`,
      all: false,
    })
    store.close()
    const again = open(size * 10)
    expect(again.append([ofForm('poison')])).toMatchObject([{ all: false }])
    expect(again.append([ofForm('quiet'), ofForm('')])).toEqual([undefined, undefined])
    again.close()
    const larger = open(size * 20)
    expect(larger.append([ofForm('poison')])).toEqual([undefined])
    larger.close()
  }))

test('the log stays ready when one form has filled its share', () =>
  inFolder(async (folder) => {
    const retention = { days: null, bytes: 1000, formShare: 0.1 }
    const topics = [{ name: topic, partitions: 1, retention }]
    const log = await SqliteLog.open(join(folder, 'log.sqlite'), topics)
    await expect(log.append(topic, makeSubmission('a'))).rejects.toThrow(
      /share of form demo .+ is full/,
    )
    expect(log.ready()).toBe(true)
    await log.close()
  }))

test('a file of an older version gets an index by form, and the share of each form is counted', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'log.sqlite')
    const old = new DatabaseSync(file)
    old.exec(`
      CREATE TABLE record (topic TEXT, partition INTEGER, offset INTEGER, time INTEGER, headers TEXT,
        body TEXT, PRIMARY KEY (topic, partition, offset)) WITHOUT ROWID;
      CREATE TABLE size (topic TEXT PRIMARY KEY, bytes INTEGER) WITHOUT ROWID;`)
    const { headers, body } = record('a')
    const size = headers.length + body.length
    const insert = old.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)')
    for (let offset = 0; offset < 3; offset++) insert.run(letters, 0, offset, 1, headers, body)
    insert.run(letters, 0, 3, 1, '{}', '')
    old.prepare('INSERT INTO size VALUES (?, ?)').run(letters, 3 * size + 2)
    old.close()
    const retention = { days: null, bytes: size * 6, formShare: 0.5 }
    const store = new Store(file, [{ name: letters, partitions: 1, retention }])
    expect(store.append([{ ...record('a'), topic: letters }])).toMatchObject([{ all: false }])
    expect(store.news(letters, [0])).toEqual({ forms: ['', 'demo'], ends: [4] })
    const range = { topic: letters, form: 'demo', from: [1], until: [4] }
    const found = store.readForm({ ...range, limit: 10, firstPartition: 0, maxBytes: 1e6 })
    expect([found.records.map(({ offset }) => offset), found.next]).toEqual([[1, 2], [4]])
    store.close()
  }))

test('an undeclared topic is refused', () =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    await expect(log.append('forms.unknown', makeSubmission('a'))).rejects.toThrow(/declared topic/)
    await log.close()
  }))

test('a body that is empty or no object does not affect other appends of its batch', () =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    const odd = ['', '42', 'true', '"text"'].map((body) => ({ ...makeSubmission('odd'), body }))
    await Promise.all([...odd, makeSubmission('a')].map((event) => log.append(topic, event)))
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

test('with a full queue an append is refused at once, and the queued ones are written', () =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    const appends = Array.from({ length: 12_000 }, (_, n) =>
      log.append(topic, makeSubmission(`${n}`)),
    )
    const results = await Promise.allSettled(appends)
    const refused = results.filter(({ status }) => status === 'rejected')
    // 1 is being written and 10,000 are queued.
    expect(refused).toHaveLength(1999)
    expect(refused[0]).toMatchObject({ reason: { name: 'LogUnavailable', begun: false } })
    expect(log.ready()).toBe(true)
    await log.close()
  }))
