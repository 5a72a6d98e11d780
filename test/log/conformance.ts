// The test suite that every adapter of the log must pass. Each adapter's own test runs it.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { validated } from '#kafka/events.ts'
import type { Log, LogRecord } from '#kafka/log/port.ts'
import { openReading } from '../../local/knative/read-topic.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

/** A topic whose events keep their order by key. */
const ordered = validated.name

export interface Adapter {
  /** Deletes all records and groups, if a new folder does not already give an empty log. */
  empty?: () => Promise<void>
  /** Opens the log of a folder. Opened again, it has the records appended before. */
  open: (folder: string) => Promise<Log>
  /** File of a program that opens the log named by its argument and calls `write` of crash-writer.ts. */
  writer: string
  /** Argument of `writer`. Default: the folder. */
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

  const take = (log: Log, group: string, count: number) => takeFrom(log, { topic, group }, count)

  /** Handles `count` records as `group` and returns them. */
  async function takeFrom(
    log: Log,
    from: { topic: string; group: string },
    count: number,
  ): Promise<LogRecord[]> {
    const records: LogRecord[] = []
    const enough = Promise.withResolvers<void>()
    if (count === 0) enough.resolve()
    const consumer = await log.consume({
      ...from,
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

  test('a topic is read to the end that it had when the reading began', async () => {
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

  test('an event is read as it was appended', async () => {
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

  test('the body is stored unchanged', async () => {
    const log = await reopen()
    const written = '{"answers":{"item1":12345678901234567,"item2":"\\u0905"}}'
    await log.append(topic, { ...makeSubmission('a'), body: written })
    const [record] = await take(log, 'g', 1)
    expect(record?.body).toBe(written)
  })

  test('events of one key keep their order', async () => {
    const log = await reopen()
    const sent = Array.from({ length: 300 }, (_, n) => `${n}`)
    await Promise.all(
      sent.map((id) => log.append(ordered, makeSubmission(id, `key ${Number(id) % 7}`))),
    )
    const from = { topic: ordered, group: 'g' }
    const received = ids(await takeFrom(log, from, 300)) as string[]
    for (let key = 0; key < 7; key++) {
      const ofKey = (id: string) => Number(id) % 7 === key
      expect(received.filter(ofKey)).toEqual(sent.filter(ofKey))
    }
  })

  test('groups are independent, and each resumes at its offset after a restart', async () => {
    const log = await reopen()
    for (const id of ['a', 'b', 'c']) await log.append(topic, makeSubmission(id))
    expect(ids(await take(log, 'first', 3)).toSorted()).toEqual(['a', 'b', 'c'])
    await closed(log)
    const again = await reopen()
    await again.append(topic, makeSubmission('d'))
    expect(ids(await take(again, 'first', 1))).toEqual(['d'])
    expect(ids(await take(again, 'second', 4)).toSorted()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('a record whose handling failed is delivered again, and no later offset is committed before it', async () => {
    const log = await reopen()
    const key = 'one partition'
    for (const id of ['a', 'b', 'c']) await log.append(ordered, makeSubmission(id, key))
    const seen = Promise.withResolvers<void>()
    const consumer = await log.consume({
      topic: ordered,
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
    const rest = await takeFrom(log, { topic: ordered, group: 'g' }, 2)
    expect(ids(rest)).toEqual(['b', 'c'])
  })

  test('at most `inFlight` records are handled at once', async () => {
    const log = await reopen()
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => log.append(topic, makeSubmission(`${n}`))),
    )
    let [active, maxActive, handled] = [0, 0, 0]
    const all = Promise.withResolvers<void>()
    const consumer = await log.consume({
      topic,
      group: 'g',
      from: 'earliest',
      inFlight: 4,
      handle: async () => {
        maxActive = Math.max(maxActive, ++active)
        await new Promise((resolve) => setImmediate(resolve))
        active -= 1
        if (++handled === 50) all.resolve()
      },
    })
    await all.promise
    await consumer.close()
    expect(maxActive).toBe(4)
  })

  test('a consumer receives later records, and knows its lag', async () => {
    const log = await reopen()
    const hold = Promise.withResolvers<void>()
    const received = Promise.withResolvers<string | undefined>()
    const consumer = await log.consume({
      topic,
      group: 'g',
      from: 'latest',
      inFlight: 1,
      handle: async ({ headers }) => {
        received.resolve(headers['ce-id'])
        await hold.promise
      },
    })
    expect(await consumer.lag()).toBe(0)
    await log.append(topic, makeSubmission('late'))
    expect(await received.promise).toBe('late')
    expect(await consumer.lag()).toBe(1)
    hold.resolve()
    await consumer.close()
  })

  test('close waits until all appends are durable', async () => {
    const log = await reopen()
    const appends = Array.from({ length: 500 }, (_, n) => log.append(topic, makeSubmission(`${n}`)))
    await closed(log)
    await Promise.all(appends)
    expect(new Set(ids(await take(await reopen(), 'g', 500))).size).toBe(500)
  })

  test('after kill -9 each acknowledged record is delivered once', async () => {
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
