// A log that spools: what happens to events while the log behind it is away, when it is back, and when the spool's own disk fails.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LogUnavailable } from '#kafka/log/port.ts'
import { SpoolingLog, type SpoolStatus } from '#kafka/log/spool/spooling-log.ts'
import { until } from '../until.ts'
import { type OutageLog, outageLog } from './outage-log.fixture.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

let folder: string
const opened = new Set<SpoolingLog>()
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-spool-'))
})
afterEach(async () => {
  await Promise.all([...opened].map(close))
  await rm(folder, { recursive: true })
})

async function open(
  target: OutageLog,
  more: { maxBytes?: number; onChange?: (status: SpoolStatus) => void } = {},
): Promise<SpoolingLog> {
  const log = await SpoolingLog.open({ folder, topic, target, maxBytes: 2 ** 30, ...more })
  opened.add(log)
  return log
}

async function close(log: SpoolingLog): Promise<void> {
  opened.delete(log)
  await log.close()
}

const append = (log: SpoolingLog, ...ids: string[]) =>
  Promise.all(ids.map((id) => log.append(topic, makeSubmission(id))))

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => String(from + n))

const direct = (log: SpoolingLog) => until(() => log.status().since === undefined)

test('while the log works, nothing goes to the spool', async () => {
  const target = outageLog()
  const log = await open(target)
  await append(log, ...numbered(0, 100))
  expect(target.stored).toEqual(numbered(0, 100))
  expect(log.status()).toMatchObject({ breaker: 'closed', since: undefined, spooled: 0 })
})

test('an event that the log does not take is spooled, later ones are not offered to it, and all are forwarded in order', async () => {
  const target = outageLog()
  const changes: (Date | undefined)[] = []
  const log = await open(target, { onChange: ({ since }) => changes.push(since) })
  await append(log, 'before')
  target.state = 'away'
  await append(log, 'first')
  expect(target.asked).toBe(2)
  for (const id of numbered(0, 600)) void log.append(topic, makeSubmission(id))
  await append(log, 'last')
  expect(target.asked).toBe(2)
  expect(log.ready()).toBe(true)
  expect(log.status()).toMatchObject({
    breaker: 'open',
    reason: 'away',
    waiting: 602,
    spooled: 602,
  })
  target.state = 'works'
  await direct(log)
  expect(target.stored).toEqual(['before', 'first', ...numbered(0, 600), 'last'])
  await append(log, 'after')
  expect(target.stored.at(-1)).toBe('after')
  expect(log.status()).toMatchObject({ waiting: 0, spooled: 602, forwarded: 602 })
  expect(changes).toEqual([expect.any(Date), undefined])
})

test('a log that says it is not ready is not waited for', async () => {
  const target = outageLog()
  const log = await open(target)
  target.state = 'away'
  await until(() => log.status().breaker === 'open')
  await append(log, 'a')
  expect(target.asked).toBe(0)
})

test('a log that seems ready and fails is tried with one event at a time', async () => {
  const target = outageLog('away, unnoticed')
  const log = await open(target)
  await append(log, ...numbered(0, 50))
  const { asked } = target
  await until(() => target.asked > asked)
  expect(target.asked).toBe(asked + 1)
  target.state = 'works'
  await direct(log)
  expect(target.stored).toEqual(numbered(0, 50))
})

test('an event whose answer was lost is there twice, under the same id', async () => {
  const target = outageLog('lost answer')
  target.ready = () => true
  const log = await open(target)
  await append(log, 'a')
  target.state = 'works'
  await direct(log)
  expect([...new Set(target.stored)]).toEqual(['a'])
  expect(target.stored.length).toBeGreaterThan(1)
})

test('events that are accepted while the spool is forwarded do not overtake, and a steady load does not keep it from ending', async () => {
  const target = outageLog('away')
  const log = await open(target)
  await append(log, ...numbered(0, 1000))
  const began: Record<string, number> = {}
  const accepted: Record<string, number> = {}
  let [sent, time, ended] = [1000, 0, false]
  const person = async () => {
    while (!ended) {
      const id = String(sent++)
      began[id] = time++
      await append(log, id)
      accepted[id] = time++
    }
  }
  const people = Promise.all(Array.from({ length: 50 }, person))
  target.state = 'works'
  await direct(log)
  await delay(50)
  ended = true
  await people
  expect(target.stored.toSorted((a, b) => Number(a) - Number(b))).toEqual(numbered(0, sent))
  let latest = 0
  for (const id of target.stored) {
    // It would have overtaken an event that was accepted before this one began.
    expect(accepted[id] ?? 0).toBeGreaterThanOrEqual(id in began ? latest : 0)
    latest = Math.max(latest, began[id] ?? 0)
  }
})

test('closing while events wait for the spool to be emptied keeps them in it', async () => {
  const target = outageLog('away')
  const log = await open(target)
  await append(log, ...numbered(0, 300))
  const forwarded: string[] = []
  const taken = Promise.withResolvers<void>()
  target.state = 'works'
  target.append = async (_topic, { headers }) => {
    forwarded.push(headers['ce-id'] as string)
    // The log takes one event, and then neither takes another one nor fails.
    if (forwarded.length > 1) await taken.promise
  }
  await until(() => forwarded.length > 1)
  const waiting = append(log, 'late')
  const closing = close(log)
  await delay(100)
  expect(log.status().spooled).toBe(300)
  await until(() => log.status().spooled === 301)
  taken.resolve()
  await Promise.all([waiting, closing])
  expect((await open(outageLog('away'))).status().waiting).toBe(50)
})

test('a start with events in the spool forwards them, and says since when they wait', async () => {
  const first = await open(outageLog('away'))
  await append(first, ...numbered(0, 300))
  await close(first)
  const before = new Date()
  const target = outageLog('away')
  const again = await open(target)
  const { since, ...rest } = again.status()
  expect(since?.getTime()).toBeLessThanOrEqual(before.getTime())
  expect(rest).toMatchObject({ waiting: 300, spooled: 300, forwarded: 0 })
  await append(again, 'new')
  target.state = 'works'
  await direct(again)
  expect(target.stored).toEqual([...numbered(0, 300), 'new'])
  await close(again)
  const third = await open(outageLog())
  expect(third.status()).toMatchObject({ waiting: 0, spooled: 301, forwarded: 301 })
})

test('what is forwarded is deleted from the disk', async () => {
  const target = outageLog('away')
  const log = await open(target)
  await append(log, ...numbered(0, 5000))
  target.state = 'works'
  await direct(log)
  await close(log)
  const again = await open(outageLog('away'))
  await append(again, ...numbered(5000, 10_000))
  // The pages of the first 5,000 are used again.
  expect((await stat(again.file)).size).toBeLessThan(1.3 * (await sizeOfFresh(5000)))
})

async function sizeOfFresh(events: number): Promise<number> {
  const fresh = await mkdtemp(join(tmpdir(), 'formstream-spool-'))
  const target = outageLog('away')
  const log = await SpoolingLog.open({ folder: fresh, topic, target, maxBytes: 2 ** 30 })
  await append(log, ...numbered(0, events))
  await log.close()
  const { size } = await stat(log.file)
  await rm(fresh, { recursive: true })
  return size
}

test('a second process cannot use the same spool', async () => {
  await open(outageLog())
  await expect(open(outageLog())).rejects.toThrow(/spool\.sqlite belongs to another instance/)
})

test('a full spool refuses, with the reasons of both; when events are forwarded it accepts again', async () => {
  const target = outageLog('away')
  const maxBytes = 2 ** 20
  const log = await open(target, { maxBytes })
  const accepted: string[] = []
  const refusals: LogUnavailable[] = []
  for (let n = 0; refusals.length === 0; n++) {
    await append(log, String(n)).then(
      () => accepted.push(String(n)),
      (error) => refusals.push(error),
    )
  }
  expect(refusals[0]).toBeInstanceOf(LogUnavailable)
  expect(refusals[0]?.message).toMatch(/^The log: .+; the spool: .+ full/)
  expect((await stat(log.file)).size).toBeLessThanOrEqual(maxBytes)
  await until(() => !log.ready())
  target.state = 'works'
  await direct(log)
  expect(target.stored).toEqual(accepted)
  await append(log, 'after')
  target.state = 'away'
  await until(() => log.ready())
  await append(log, 'spooled again')
})

test('an event that the log refuses as too large does not hold up the others, and is tried again after the next start', async () => {
  const target = outageLog('away')
  target.tooLarge.add('large')
  const log = await open(target)
  await append(log, 'a', 'large', 'b')
  target.state = 'works'
  await direct(log)
  expect([...new Set(target.stored)]).toEqual(['a', 'b'])
  expect(log.status()).toMatchObject({ waiting: 0, setAside: 1 })
  await close(log)
  const raised = outageLog()
  const again = await open(raised)
  await direct(again)
  expect(raised.stored).toEqual(['large'])
  expect(again.status().setAside).toBe(0)
})

test('a full spool that begins with such an event is forwarded after its limit was raised', async () => {
  const target = outageLog('away')
  target.tooLarge.add('0')
  const full = await open(target, { maxBytes: 2 ** 20 })
  const accepted: string[] = []
  for (let taken = true; taken; ) {
    const id = String(accepted.length)
    taken = await append(full, id).then(
      () => accepted.push(id) > 0,
      () => false,
    )
  }
  await close(full)
  target.state = 'works'
  const raised = await open(target, { maxBytes: 2 ** 21 })
  await direct(raised)
  expect([...new Set(target.stored)]).toEqual(accepted.slice(1))
  expect(raised.status()).toMatchObject({ waiting: 0, setAside: 1 })
})

test('an event that no log would take is refused at once', async () => {
  const log = await open(outageLog('away'))
  await until(() => log.status().breaker === 'open')
  await expect(append(log, 'x'.repeat(1_000_001))).rejects.toThrow('Expected at most 1000000 bytes')
})

test('an error that is no outage is passed on, and does not begin one', async () => {
  const target = outageLog()
  target.tooLarge.add('large')
  const log = await open(target)
  await expect(append(log, 'large')).rejects.toThrow('large is too large')
  expect(log.status()).toMatchObject({ breaker: 'closed', spooled: 0 })
})

test('closing forwards what it can, and keeps what it cannot', async () => {
  const target = outageLog('away')
  const log = await open(target)
  await append(log, ...numbered(0, 2000))
  target.state = 'works'
  await until(() => log.status().breaker !== 'open')
  await close(log)
  expect(target.stored).toEqual(numbered(0, 2000))
  const away = await open(outageLog('away'))
  await append(away, 'kept')
  await close(away)
  expect((await open(outageLog())).status()).toMatchObject({ waiting: 1 })
})

test('the spool can be read by its owner only', async () => {
  const inner = join(folder, 'made')
  const log = await SpoolingLog.open({
    folder: inner,
    topic,
    target: outageLog(),
    maxBytes: 2 ** 20,
  })
  expect((await stat(inner)).mode & 0o777).toBe(0o700)
  expect(await readdir(inner)).toContain('spool.sqlite')
  await log.close()
})
