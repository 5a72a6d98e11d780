// A whole `npm start`: submissions become rows and analyses.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { readRows } from '../scripts/load/sheet.ts'
import { command } from './command.ts'
import { type Running, startInstance } from './instance.ts'
import { until } from './until.ts'

let dataDir: string
let instance: Running

const sample = {
  name: 'Saurabh raj',
  roll: '99999',
  university: 'BCE',
  cgpa: '8.04',
  gender: 'F',
  age: '10.11',
  email: 'saurabh@example.com',
  mobile: '7004465984',
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'formstream-flow-'))
  instance = await startInstance(dataDir, { IDLE_SECONDS: '1' })
}, 20_000)
afterAll(async () => {
  await instance.stop()
  await rm(dataDir, { recursive: true })
}, 30_000)

async function post(path: string, answers: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${instance.endpoint}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(answers),
  })
  return { status: answer.status, body: (await answer.json()) as { id: string } }
}

const rows = (form: string) => readRows(instance.sheets as string, form, 'Responses')

const rowOf = (form: string, id: string) =>
  until(async () => (await rows(form)).find((row) => row.id === id))

async function eventOf(topic: string, subject: string): Promise<Record<string, unknown>> {
  for await (const line of connectInstance(instance).watch(topic, { from: 'earliest' })) {
    const event = JSON.parse(line)
    if (event.subject === subject) return event
  }
  throw new Error(`The topic ${topic} ended`)
}

/** Waits until no event is in flight. Checked twice, because an event that one task has handled may be new to the next one. */
async function untilIdle(): Promise<void> {
  for (let quiet = 0; quiet < 2; await delay(50)) {
    const lags = await connectInstance(instance).lag()
    quiet = Object.values(lags).every((lag) => lag === 0) ? quiet + 1 : 0
  }
}

const functions = () => connectInstance(instance).functions()

test('a submission of student-data is written to the sheet and analysed', async () => {
  const { status, body } = await post('/student-data-form/', sample)
  expect(status).toBe(202)
  expect(await rowOf('student-data', body.id)).toMatchObject({
    name: 'Saurabh raj',
    roll: '99999',
    cgpa: '8.04',
    age: '10.11',
    mobile: '+917004465984',
  })
  const analyzed = await eventOf('forms.analyzed', body.id)
  expect(analyzed).toMatchObject({
    id: `${body.id}.validation.0.slang.0`,
    type: 'formstream.submission.analyzed',
    form: 'student-data',
    data: { findings: [], masked: {} },
  })
  const recorded = await eventOf('forms.recorded', body.id)
  expect(recorded.data).toEqual({ spreadsheet: 'student-data', tab: 'Responses', row: 2 })
}, 20_000)

test('slang is found and masked, and the submission is still written', async () => {
  const { body } = await post('/forms/demo', { item1: 'what the f.u.c.k', item2: 'fine' })
  const { data } = await eventOf('forms.analyzed', body.id)
  expect(data).toMatchObject({
    findings: [{ field: 'item1', start: 9, end: 16, severity: expect.any(String) }],
    masked: { item1: 'what the f******' },
  })
  expect(await rowOf('demo', body.id)).toMatchObject({ item1: 'what the f.u.c.k', item2: 'fine' })
}, 20_000)

test('idle functions stop, and start again with the next event', async () => {
  await until(async () => Object.keys(await functions()).length === 0)
  const { body } = await post('/forms/demo', { item1: 'again', item2: 'awake' })
  await rowOf('demo', body.id)
  expect(Object.keys(await functions())).toContain('sheets')
}, 30_000)

test('100 posts with one Idempotency-Key give one row; other answers with it give another', async () => {
  const key = { 'idempotency-key': 'a double click' }
  const answers = { item1: 'twice', item2: 'clicked' }
  const sent = await Promise.all(
    Array.from({ length: 100 }, () => post('/forms/demo', answers, key)),
  )
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([202]))
  const ids = new Set(sent.map(({ body }) => body.id))
  expect(ids.size).toBe(1)
  const other = await post('/forms/demo', { ...answers, item2: 'other' }, key)
  expect(ids.has(other.body.id)).toBe(false)
  await rowOf('demo', other.body.id)
  const written = (await rows('demo')).filter(({ item1 }) => item1 === 'twice')
  expect(written.map(({ item2 }) => item2).toSorted()).toEqual(['clicked', 'other'])
}, 20_000)

test('rows written after others were deleted by hand overwrite nothing', async () => {
  const send = (n: number) => post('/forms/demo', { item1: `${n}`, item2: 'deleting' })
  const first = await Promise.all(Array.from({ length: 20 }, (_, n) => send(n)))
  await Promise.all(first.map(({ body }) => rowOf('demo', body.id)))
  // Events of the test before may still be in flight.
  await untilIdle()
  const before = await rows('demo')
  await deleteRows('demo', 1, 11)
  const later = await Promise.all(Array.from({ length: 20 }, (_, n) => send(100 + n)))
  await Promise.all(later.map(({ body }) => rowOf('demo', body.id)))
  const kept = before.slice(10).map(({ id }) => id)
  const written = (await rows('demo')).map(({ id }) => id).filter(Boolean)
  expect(written.toSorted()).toEqual([...kept, ...later.map(({ body }) => body.id)].toSorted())
}, 30_000)

async function deleteRows(spreadsheet: string, startIndex: number, endIndex: number) {
  const url = `${instance.sheets}/v4/spreadsheets/${spreadsheet}`
  const { sheets } = (await (await fetch(url)).json()) as {
    sheets: { properties: { sheetId: number; title: string } }[]
  }
  const { sheetId } = sheets.find(({ properties }) => properties.title === 'Responses')!.properties
  const range = { sheetId, dimension: 'ROWS', startIndex, endIndex }
  const answer = await fetch(`${url}:batchUpdate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ requests: [{ deleteDimension: { range } }] }),
  })
  expect(answer.status).toBe(200)
}

test('after the ledger is lost, rows wait with a clear error until the tab is adopted; none is written twice', async () => {
  const first = await post('/forms/demo', { item1: 'before', item2: 'the loss' })
  await rowOf('demo', first.body.id)
  const before = (await rows('demo')).map(({ id }) => id)
  expect(await instance.stop()).toBe(0)
  for (const end of ['', '-wal', '-shm']) {
    await rm(join(dataDir, `sheets-buffer.sqlite${end}`), { force: true })
  }
  instance = await startInstance(dataDir, { IDLE_SECONDS: '1' })
  const { body } = await post('/forms/demo', { item1: 'after', item2: 'the loss' })
  const lag = () => command(dataDir, 'scripts/events.ts', 'lag')
  await until(async () => /demo\/Responses: rows waiting: 1,/.test(await lag()))
  expect((await rows('demo')).map(({ id }) => id)).toEqual(before)
  expect(await command(dataDir, 'scripts/sheets.ts', 'adopt', 'demo')).toMatch(/Took the stamp/)
  await rowOf('demo', body.id)
  const after = (await rows('demo')).map(({ id }) => id).filter(Boolean)
  expect(after).toEqual([...before.filter(Boolean), body.id])
}, 40_000)

test('a second start on the same data folder fails', async () => {
  const again = startInstance(dataDir)
  await expect(again).rejects.toThrow(/exited with 1/)
}, 20_000)

test('npm run events prints which topics lead to which tasks, and names the topics if one is wrong', async () => {
  expect(await command(dataDir, 'scripts/events.ts')).toMatch(/forms\.validated +─► slang/)
  await expect(command(dataDir, 'scripts/events.ts', 'tail', 'x')).rejects.toThrow(
    /Expected one of the topics forms\.analyzed/,
  )
}, 20_000)
