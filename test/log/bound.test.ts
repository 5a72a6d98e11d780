// The endpoint while a topic is at its size limit: it answers 503 rather than delete records that are not handled, then 202.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Log, LogUnavailable } from '#kafka/log/port.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { silent } from '#kit/events.fixture.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { buildApp } from '../../functions/form-endpoint/app.ts'
import { student } from '../../scripts/load/students.ts'
import { guardedLog } from '../../scripts/start/guarded-log.ts'
import { makeSubmission, topic } from './submission.fixture.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-bound-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function startEndpoint(log: Log) {
  const forms = await loadForms('forms', { knownTasks: {}, others: 'unchecked' })
  const app = buildApp({ forms, log, logger: silent })
  const post = async () => {
    const payload = student(1)
    const request = { method: 'POST', url: '/forms/student-data', payload } as const
    return (await app.inject(request)).statusCode
  }
  const ready = async () => (await app.inject('/health/readiness')).statusCode
  return { post, ready, close: () => app.close() }
}

test('at the size limit the endpoint answers 503 and is not ready until records are handled; none is deleted before', async () => {
  const retention = { days: 30, bytes: 6e6 }
  const log = await SqliteLog.open(join(folder, 'log.sqlite'), [
    { name: topic, partitions: 6, retention },
  ])
  const hold = Promise.withResolvers<void>()
  const consumer = await log.consume({
    topic,
    group: 'validation',
    from: 'earliest',
    inFlight: 100,
    handle: () => hold.promise,
  })
  const { post, ready, close } = await startEndpoint(log)
  let accepted = 0
  const large = 'x'.repeat(100_000)
  for (; accepted < 28; accepted++)
    await log.append(topic, makeSubmission(`${accepted}-${large}`, `${accepted}`))
  while ((await post()) === 202) accepted += 1
  await log.store.call('retain')
  expect([await post(), await ready()]).toEqual([503, 503])
  expect(await consumer.lag()).toBe(accepted)
  const ranges = await log.store.call('bounds', topic)
  expect(ranges.reduce((sum, { first, next }) => sum + next - first, 0)).toBe(accepted)
  hold.resolve()
  while ((await consumer.lag()) > 0) await delay(20)
  // Offsets are committed within a second. Retention then makes room; it runs every minute, here at once.
  while ((await ready()) !== 200) {
    await log.store.call('retain')
    await delay(100)
  }
  expect(await post()).toBe(202)
  await close()
  await log.close()
})

test('while there is a reason to refuse submissions, the endpoint answers 503, is not ready, and appends nothing', async () => {
  let [reasons, appended]: [Record<string, string>, number] = [{ sheets: 'too old' }, 0]
  const log: Log = {
    async append() {
      appended += 1
    },
    consume: () => Promise.reject(new LogUnavailable('none', { begun: false })),
    ready: () => true,
    close: async () => {},
  }
  const { post, ready, close } = await startEndpoint(guardedLog(log, () => reasons))
  expect([await post(), await ready(), appended]).toEqual([503, 503, 0])
  reasons = {}
  expect([await post(), await ready(), appended]).toEqual([202, 200, 1])
  await close()
})
