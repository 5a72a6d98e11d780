// A topic at its bound, seen from the door: 503 before anything that was not settled would go, and 202 again once there is room.
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

async function door(log: Log) {
  const forms = await loadForms('forms', { knownTasks: {}, others: 'unchecked' })
  const app = buildApp({ forms, log, logger: silent })
  const post = async () => {
    const payload = student(1)
    const asked = { method: 'POST', url: '/forms/student-data', payload } as const
    return (await app.inject(asked)).statusCode
  }
  const ready = async () => (await app.inject('/health/readiness')).statusCode
  return { post, ready, close: () => app.close() }
}

test('at its bound the door answers 503 and is not ready; nothing unsettled goes; it recovers once that is settled', async () => {
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
  const { post, ready, close } = await door(log)
  let accepted = 0
  const large = 'x'.repeat(100_000)
  for (; accepted < 28; accepted++)
    await log.append(topic, makeSubmission(`${accepted}-${large}`, `${accepted}`))
  while ((await post()) === 202) accepted += 1
  await log.store.call('retain')
  expect([await post(), await ready()]).toEqual([503, 503])
  expect(await consumer.lag()).toBe(accepted)
  const held = await log.store.call('bounds', topic)
  expect(held.reduce((sum, { first, next }) => sum + next - first, 0)).toBe(accepted)
  hold.resolve()
  while ((await consumer.lag()) > 0) await delay(20)
  // Committed within a second; then retention, which looks each minute, makes room.
  while ((await ready()) !== 200) {
    await log.store.call('retain')
    await delay(100)
  }
  expect(await post()).toBe(202)
  await close()
  await log.close()
})

test('while there is a reason to take nothing in, the door answers 503, is not ready, and appends nothing', async () => {
  let [reasons, appended]: [Record<string, string>, number] = [{ sheets: 'too old' }, 0]
  const log: Log = {
    async append() {
      appended += 1
    },
    consume: () => Promise.reject(new LogUnavailable('none', { begun: false })),
    ready: () => true,
    close: async () => {},
  }
  const { post, ready, close } = await door(guardedLog(log, () => reasons))
  expect([await post(), await ready(), appended]).toEqual([503, 503, 0])
  reasons = {}
  expect([await post(), await ready(), appended]).toEqual([202, 200, 1])
  await close()
})
