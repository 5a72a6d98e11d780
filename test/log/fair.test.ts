// On the embedded log, a form with a backlog or with failing deliveries does not delay other forms.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import type { Consumer, LogRecord } from '#kafka/log/port.ts'
import type { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { openSqlite } from './sqlite.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-fair-'))
  await work(folder).finally(() => rm(folder, { recursive: true }))
}

const onLog = (work: (log: SqliteLog) => Promise<void>): Promise<void> =>
  inFolder(async (folder) => {
    const log = await openSqlite(folder)
    await work(log).finally(() => log.close())
  })

const ofForm = (form: string, id: string) => makeSubmission(id, id, form)

const fill = (log: SqliteLog, form: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) => log.append(topic, ofForm(form, `${form}-${n}`))),
  )

/** A consumer whose records stay in flight until the test settles them. */
async function consumeHeld(log: SqliteLog, inFlight = 10) {
  const handed: LogRecord[] = []
  const settle = new Map<string, () => void>()
  let check = () => {}
  const consumer = await log.consume({
    topic,
    group: 'g',
    from: 'earliest',
    inFlight,
    handle: (record) =>
      new Promise((resolve) => {
        handed.push(record)
        settle.set(record.headers['ce-id'] as string, resolve)
        check()
      }),
  })
  const ids = () => handed.map(({ headers }) => headers['ce-id'] as string)
  const until = (holds: (ids: string[]) => boolean) =>
    new Promise<void>((resolve) => {
      check = () => void (holds(ids()) && resolve())
      check()
    })
  return { consumer, ids, until, settle: (id: string) => settle.get(id)?.() }
}

/** Closes the consumer, which waits for the records in flight. */
async function closeHeld(consumer: Consumer, settle: (id: string) => void, ids: string[]) {
  const closed = consumer.close()
  for (const id of ids) settle(id)
  await closed
}

const isOfForm = (form: string) => (id: string) => id.startsWith(`${form}-`)

test('a record behind 5,000 of another form is delivered at once', () =>
  onLog(async (log) => {
    await fill(log, 'flood', 5000)
    const { consumer, ids, until, settle } = await consumeHeld(log)
    await until((handed) => handed.length === 10)
    await log.append(topic, ofForm('quiet', 'quiet-0'))
    await until((handed) => handed.includes('quiet-0'))
    expect(ids()).toHaveLength(11)
    expect(await consumer.lag()).toBe(5001)
    await closeHeld(consumer, settle, ids())
  }))

test('a form whose deliveries hang does not delay another', () =>
  onLog(async (log) => {
    await fill(log, 'stuck', 100)
    const { consumer, ids, until, settle } = await consumeHeld(log)
    await until((handed) => handed.length === 10)
    for (let n = 0; n < 50; n++) {
      await log.append(topic, ofForm('quiet', `quiet-${n}`))
      await until((handed) => handed.includes(`quiet-${n}`))
      settle(`quiet-${n}`)
    }
    expect(ids().filter(isOfForm('stuck'))).toHaveLength(10)
    await closeHeld(consumer, settle, ids())
  }))

test('40 forms whose deliveries hang do not delay another', () =>
  onLog(async (log) => {
    for (let n = 0; n < 40; n++) await fill(log, `stuck${n}`, 20)
    const { consumer, ids, until, settle } = await consumeHeld(log)
    await until((handed) => new Set(handed.map((id) => id.split('-')[0])).size === 40)
    expect(ids().length).toBeLessThan(2 * 10 + 40)
    await log.append(topic, ofForm('quiet', 'quiet-0'))
    await until((handed) => handed.includes('quiet-0'))
    await closeHeld(consumer, settle, ids())
  }))

test('the records of one form keep the order of their partition', () =>
  onLog(async (log) => {
    for (let n = 0; n < 300; n++) {
      void log.append(topic, makeSubmission(`${n}`, `key ${n % 7}`, `f${n % 3}`))
    }
    const seen = new Map<string, number>()
    const all = Promise.withResolvers<void>()
    let count = 0
    const consumer = await log.consume({
      topic,
      group: 'g',
      from: 'earliest',
      inFlight: 20,
      async handle({ headers, partition, offset }) {
        const name = `${headers['ce-form']}/${partition}`
        expect(offset).toBeGreaterThan(seen.get(name) ?? -1)
        seen.set(name, offset)
        if (++count === 300) all.resolve()
      },
    })
    await all.promise
    await consumer.close()
    expect(await consumer.lag()).toBe(0)
  }))

test('after a restart, only records that were not handled are delivered again, also behind a form that fails', () =>
  inFolder(async (folder) => {
    let log = await openSqlite(folder)
    await fill(log, 'stuck', 3)
    await fill(log, 'quiet', 500)
    const done = Promise.withResolvers<void>()
    let settled = 0
    const first = await log.consume({
      topic,
      group: 'g',
      from: 'earliest',
      inFlight: 50,
      async handle({ headers }) {
        if (headers['ce-form'] === 'stuck') throw new Error('not now')
        if (++settled === 500) done.resolve()
      },
    })
    await done.promise
    await first.close()
    expect(await first.lag()).toBe(3)
    await log.close()
    log = await openSqlite(folder)
    await log.append(topic, ofForm('quiet', 'quiet-new'))
    const { consumer, ids, until, settle } = await consumeHeld(log)
    expect(await consumer.lag()).toBe(4)
    await until((handed) => handed.length === 4)
    await delay(50)
    expect(ids().toSorted()).toEqual(['quiet-new', 'stuck-0', 'stuck-1', 'stuck-2'])
    await closeHeld(consumer, settle, ids())
    expect(await consumer.lag()).toBe(0)
    await log.close()
  }))
