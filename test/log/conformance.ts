// What every adapter of the log must do. Each adapter's own test runs this suite over it.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Log, LogRecord } from '#kafka/log/port.ts'
import { openReading } from '../../local/knative/read-topic.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

export interface Adapter {
  /** Empties the log where a new folder alone does not. */
  empty?: () => Promise<void>
  /** Opens the log that lives in a folder; again on the same folder: what was appended before is there. */
  open: (folder: string) => Promise<Log>
  /** A program that opens the log its argument names and calls `write` of crash-writer.ts. */
  writer: string
  /** Its argument where that is not the folder. */
  argument?: () => string
}

export function logConformance({ empty, open, writer, argument }: Adapter): void {
  let folder: string
  const opened: Log[] = []

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-log-'))
    await empty?.()
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((log) => log.close()))
    await rm(folder, { recursive: true })
  })

  async function reopen(): Promise<Log> {
    const log = await open(folder)
    opened.push(log)
    return log
  }

  async function closed(log: Log): Promise<void> {
    opened.splice(opened.indexOf(log), 1)
    await log.close()
  }

  /** Resolves when `count` records were handed to the group, and settles them. */
  async function take(log: Log, group: string, count: number): Promise<LogRecord[]> {
    const records: LogRecord[] = []
    const enough = Promise.withResolvers<void>()
    if (count === 0) enough.resolve()
    const consumer = await log.consume({
      topic,
      group,
      from: 'earliest',
      inFlight: 100,
      handle: async (record) => {
        records.push(record)
        if (records.length >= count) enough.resolve()
      },
    })
    await enough.promise
    await consumer.close()
    return records
  }

  const ids = (records: LogRecord[]) => records.map(({ headers }) => headers['ce-id'])

  test('what it holds is read to where it ended when the reading began', async () => {
    const log = await reopen()
    const empty = await openReading(log, topic)
    expect(empty.total).toBe(0)
    await empty.read(async () => {})
    await empty.close()
    const append = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, n) =>
          log.append(topic, makeSubmission(`${from + n}`)),
        ),
      )
    await append(0, 500)
    const { total, read, close } = await openReading(log, topic)
    expect(total).toBe(500)
    await append(500, 700)
    const records: LogRecord[] = []
    await read(async (record) => void records.push(record))
    await close()
    const numbers = ids(records).map(Number)
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, n) => n))
  })

  test('an event comes out as it went in', async () => {
    const log = await reopen()
    await log.append(topic, makeSubmission('a'))
    const [record] = await take(log, 'g', 1)
    expect(record?.headers).toMatchObject({
      'ce-id': 'a',
      'ce-type': 'formstream.submission.submitted',
      'ce-form': 'demo',
      'content-type': 'application/json',
    })
    expect(JSON.parse(record?.body ?? '')).toEqual({ answers: { item1: 'a' } })
  })

  test('data that is written already lies in it so, to the digit', async () => {
    const log = await reopen()
    const written = '{"answers":{"item1":12345678901234567,"item2":"\\u0905"}}'
    await log.append(topic, makeSubmission('a'), written)
    const [record] = await take(log, 'g', 1)
    expect(record?.body).toBe(written)
  })

  test('events of one key keep their order', async () => {
    const log = await reopen()
    const sent = Array.from({ length: 300 }, (_, n) => `${n}`)
    await Promise.all(
      sent.map((id) => log.append(topic, makeSubmission(id, `key ${Number(id) % 7}`))),
    )
    const came = ids(await take(log, 'g', 300)) as string[]
    for (let key = 0; key < 7; key++) {
      const ofKey = (id: string) => Number(id) % 7 === key
      expect(came.filter(ofKey)).toEqual(sent.filter(ofKey))
    }
  })

  test('groups are independent, and each goes on where it was after a restart', async () => {
    const log = await reopen()
    for (const id of ['a', 'b', 'c']) await log.append(topic, makeSubmission(id))
    expect(ids(await take(log, 'first', 3)).toSorted()).toEqual(['a', 'b', 'c'])
    await closed(log)
    const again = await reopen()
    await again.append(topic, makeSubmission('d'))
    expect(ids(await take(again, 'first', 1))).toEqual(['d'])
    expect(ids(await take(again, 'second', 4)).toSorted()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('a record that is not settled comes again, and holds back the offsets after it', async () => {
    const log = await reopen()
    const key = 'one partition'
    for (const id of ['a', 'b', 'c']) await log.append(topic, makeSubmission(id, key))
    const seen = Promise.withResolvers<void>()
    const consumer = await log.consume({
      topic,
      group: 'g',
      from: 'earliest',
      inFlight: 10,
      handle: async ({ headers }) => {
        if (headers['ce-id'] === 'c') seen.resolve()
        if (headers['ce-id'] === 'b') throw new Error('not this one')
      },
    })
    await seen.promise
    await consumer.close()
    expect(ids(await take(log, 'g', 2))).toEqual(['b', 'c'])
  })

  test('no more are in flight than asked for', async () => {
    const log = await reopen()
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => log.append(topic, makeSubmission(`${n}`))),
    )
    let [active, most, handled] = [0, 0, 0]
    const all = Promise.withResolvers<void>()
    const consumer = await log.consume({
      topic,
      group: 'g',
      from: 'earliest',
      inFlight: 4,
      handle: async () => {
        most = Math.max(most, ++active)
        await new Promise((resolve) => setImmediate(resolve))
        active -= 1
        if (++handled === 50) all.resolve()
      },
    })
    await all.promise
    await consumer.close()
    expect(most).toBe(4)
  })

  test('a consumer waits for what comes, and knows its lag', async () => {
    const log = await reopen()
    const hold = Promise.withResolvers<void>()
    const came = Promise.withResolvers<string | undefined>()
    const consumer = await log.consume({
      topic,
      group: 'g',
      from: 'latest',
      inFlight: 1,
      handle: async ({ headers }) => {
        came.resolve(headers['ce-id'])
        await hold.promise
      },
    })
    expect(await consumer.lag()).toBe(0)
    await log.append(topic, makeSubmission('late'))
    expect(await came.promise).toBe('late')
    expect(await consumer.lag()).toBe(1)
    hold.resolve()
    await consumer.close()
  })

  test('nothing is lost on close: appends that have begun are durable', async () => {
    const log = await reopen()
    const appends = Array.from({ length: 500 }, (_, n) => log.append(topic, makeSubmission(`${n}`)))
    await closed(log)
    await Promise.all(appends)
    expect(new Set(ids(await take(await reopen(), 'g', 500))).size).toBe(500)
  })

  test('what was acknowledged before kill -9 is there, once, and comes to its group', async () => {
    const child: ChildProcess = fork(writer, [argument?.() ?? folder], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const acknowledged: string[] = []
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    for await (const line of lines) {
      acknowledged.push(line)
      if (acknowledged.length === 2000) child.kill('SIGKILL')
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    const log = await reopen()
    const counted = Promise.withResolvers<void>()
    const handle = () => counted.promise
    const consumer = await log.consume({
      topic,
      group: 'count',
      from: 'earliest',
      inFlight: 1,
      handle,
    })
    const stored = await consumer.lag()
    counted.resolve()
    await consumer.close()
    const found = ids(await take(log, 'g', stored))
    const missing = acknowledged.filter((id) => !found.includes(id)).length
    expect({ missing, duplicates: found.length - new Set(found).size }).toEqual({
      missing: 0,
      duplicates: 0,
    })
    expect(acknowledged.length).toBeGreaterThanOrEqual(2000)
  })
}
