// `npm start` with a spool, while no broker answers.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { freePorts } from './free-ports.ts'
import { type Running, startInstance } from './instance.ts'
import { loggedStart } from './logged-start.ts'

jest.setTimeout(60_000)

let folder: string
let environment: Record<string, string>
let instance: Running
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'formstream-spool-start-'))
  const [port] = await freePorts(1)
  const SPOOL_DIR = join(folder, 'spool')
  environment = { KAFKA_BROKERS: `127.0.0.1:${port}`, SPOOL_DIR, LOG_LEVEL: 'fatal' }
  instance = await startInstance(join(folder, 'data'), environment)
})
afterAll(async () => {
  await instance?.stop()
  rmSync(folder, { recursive: true })
})

test('it starts without Kafka, accepts submissions, and says that they wait', async () => {
  const headers = { 'content-type': 'application/json' }
  const sent = { method: 'POST', headers, body: '{"item1":"a","item2":"b"}' }
  expect((await fetch(`${instance.endpoint}/forms/demo`, sent)).status).toBe(202)
  const answer = await fetch(`${instance.endpoint}/health/readiness`)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    status: 'spooling',
    spool: { waiting: 1 },
    tasks: { validation: expect.stringContaining('Kafka cannot be reached') },
  })
})

test('another instance on the same spool does not start', async () => {
  const other = loggedStart(folder, 'other', environment)
  const [code] = await other.ended
  expect(code).not.toBe(0)
  expect(other.output()).toMatch(/spool\.sqlite belongs to another instance, which is running/)
})
