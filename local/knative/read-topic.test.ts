// Uses the SQLite log.
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { toKeyedMessage } from '#kafka/binary-mode.ts'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { inFolder, submittedEvent } from '#kit/events.fixture.ts'
import { openReading } from './read-topic.ts'
import { openClaims } from './replay/claims.ts'

const topic = 'forms.submitted'

const withLog = (work: (log: SqliteLog) => Promise<void>) =>
  inFolder(async (folder) => {
    const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
    await work(log).finally(() => log.close())
  })

const append = (log: SqliteLog, from: number, to: number) =>
  Promise.all(
    Array.from({ length: to - from }, (_, n) =>
      log.append(
        topic,
        toKeyedMessage(submittedEvent({ id: `${from + n}`, subject: `${from + n}` })),
      ),
    ),
  )

test('all existing records are read, in the order of each partition, and none that were appended later', () =>
  withLog(async (log) => {
    await append(log, 0, 1000)
    const { total, read, close } = await openReading(log, topic)
    expect(total).toBe(1000)
    const seen: string[] = []
    const offsets: number[][] = []
    await append(log, 1000, 1500)
    await read(async ({ headers, partition, offset }) => {
      seen.push(headers['ce-id'] as string)
      offsets[partition] = [...(offsets[partition] ?? []), offset]
      if (seen.length % 100 === 0) await append(log, 2000 + seen.length, 2010 + seen.length)
    })
    await close()
    expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 1000 }, (_, n) => `${n}`),
    )
    for (const own of offsets) expect(own).toEqual(own.map((_, n) => n))
  }))

test('reading an empty topic ends at once; a reading can be closed without being read', () =>
  withLog(async (log) => {
    const empty = await openReading(log, topic)
    expect(empty.total).toBe(0)
    await empty.read(async () => {})
    await empty.close()
    await append(log, 0, 10)
    await (await openReading(log, topic)).close()
  }))

test('if the log cannot tell where the topic ends, the consumer is closed', async () => {
  let closed = 0
  const close = async () => {
    closed += 1
  }
  const consumer = {
    bounds: () => Promise.reject(new Error('the log is away')),
    close,
  }
  const log = { consume: async () => consumer } as unknown as Log
  await expect(openReading(log, topic)).rejects.toThrow('the log is away')
  await expect(openClaims(log)).rejects.toThrow('the log is away')
  expect(closed).toBe(2)
})
