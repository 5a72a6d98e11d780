// What the endpoint says about its spool.
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { SpoolStatus } from '#kafka/log/spool/spooling-log.ts'
import { readConfig } from '#kit/config.ts'
import { makeApp } from '../app.fixture.ts'
import { SpoolEnvironment } from './environment.ts'

const working: SpoolStatus = {
  breaker: 'closed',
  since: undefined,
  reason: undefined,
  waiting: 0,
  setAside: 0,
  spooled: 7,
  forwarded: 7,
}
const since = new Date('2026-01-02T03:04:05Z')
const away: SpoolStatus = {
  ...working,
  breaker: 'open',
  since,
  reason: 'away',
  waiting: 3,
  spooled: 10,
}

const spoolOf = (status: SpoolStatus) => ({ status: () => status, file: 'none' })

test('readiness is 200 and says since when how many submissions wait, also while tasks get no events', async () => {
  const problems = () => ({ slang: 'no broker' })
  const { app } = await makeApp({ spool: spoolOf(away), problems })
  const answer = await app.inject('/health/readiness')
  const spool = { since: since.toISOString(), waiting: 3 }
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    { status: 'spooling', spool, tasks: { slang: 'no broker' } },
  ])
})

test('readiness is 503 when the spool takes nothing either', async () => {
  const { app } = await makeApp({ spool: spoolOf(away), ready: () => false })
  const answer = await app.inject('/health/readiness')
  expect([answer.statusCode, answer.json()]).toEqual([503, { status: 'down' }])
})

test('readiness does not mention a spool that is not in use', async () => {
  const { app } = await makeApp({ spool: spoolOf(working) })
  expect((await app.inject('/health/readiness')).json()).toEqual({ status: 'up' })
})

test('metrics count what was spooled and forwarded, what waits, its bytes, and the state of the breaker', async () => {
  const file = join(tmpdir(), `formstream-spool-size-${process.pid}`)
  await writeFile(file, 'x'.repeat(100))
  await writeFile(`${file}-wal`, 'x'.repeat(20))
  const { app } = await makeApp({ spool: { status: () => away, file } })
  const { body } = await app.inject('/metrics')
  expect(body.split('\n').filter((line) => line.startsWith('formstream_spool'))).toEqual([
    'formstream_spooled_total 10',
    'formstream_spool_forwarded_total 7',
    'formstream_spool_waiting 3',
    'formstream_spool_set_aside 0',
    'formstream_spool_bytes 120',
    'formstream_spool_breaker{state="closed"} 0',
    'formstream_spool_breaker{state="open"} 1',
    'formstream_spool_breaker{state="half-open"} 0',
  ])
})

test('without a spool there are no metrics of one', async () => {
  const { app } = await makeApp()
  expect((await app.inject('/metrics')).body).not.toContain('formstream_spool')
})

test('the limit has a default, and one that no submission fits is refused', () => {
  expect(readConfig(SpoolEnvironment, {})).toEqual({ SPOOL_MAX_BYTES: 2 ** 30 })
  expect(() => readConfig(SpoolEnvironment, { SPOOL_MAX_BYTES: '1000' })).toThrow(
    'SPOOL_MAX_BYTES: expected at least 1048576, found "1000"',
  )
})
