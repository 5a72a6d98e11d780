// A function process: ticks, metrics and readiness.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { pingOf } from './schedule.ts'

let child: ReturnType<typeof fork>
let url: string
beforeAll(async () => {
  // Nothing is published, so no server is needed at this address.
  const env = { ...process.env, PORT: '0', LOG_LEVEL: 'silent', K_SINK: 'http://127.0.0.1:9/' }
  child = fork(join(import.meta.dirname, 'serve-task.ts'), ['validation'], { env })
  const [{ listening }] = await once(child, 'message')
  url = `http://127.0.0.1:${listening}`
})
afterAll(async () => {
  child.kill('SIGTERM')
  await once(child, 'exit')
})

test('a tick for a task without a schedule is acknowledged and counted', async () => {
  const { headers, body } = pingOf('validation')
  expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(204)
  const metrics = await fetch(`${url}/metrics`)
  expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(await metrics.text()).toContain(
    'formstream_deliveries_total{task="validation",outcome="skipped"} 1',
  )
})

test('a running function is ready', async () => {
  const answer = await fetch(`${url}/health/readiness`)
  const notes = { DOOR_SECRET: expect.stringMatching(/^Not set/) }
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'up', notes }])
})

test('without K_SINK the process runs but is not ready', async () => {
  const env = { ...process.env, PORT: '0', LOG_LEVEL: 'silent', K_SINK: '' }
  const waiting = fork(join(import.meta.dirname, 'serve-task.ts'), ['validation'], { env })
  const [{ listening }] = await once(waiting, 'message')
  const answer = await fetch(`http://127.0.0.1:${listening}/health/readiness`)
  const problem = 'K_SINK is not set: a SinkBinding sets it'
  expect([answer.status, await answer.json()]).toEqual([503, { status: 'down', problem }])
  waiting.kill('SIGTERM')
  expect(await once(waiting, 'exit')).toEqual([0, null])
})
