// Rows from the buffer to the emulator over HTTP: their order, refusals by Google, and the events and notes about them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { register } from 'prom-client'
import type { Cause } from '#kit/define-task.ts'
import { buildEmulator } from '../../local/sheets/app.ts'
import { Config } from './config.ts'
import { connectSheets } from './google/client.ts'
import { openSheets, type Sheets } from './open-sheets.ts'
import type { Entry } from './row.ts'
import type { Target } from './target.ts'

let folder: string
let emulator: FastifyInstance
let url: string
let api: ReturnType<typeof connectSheets>
let sheets: Sheets
let published: Cause[]
let publish: () => Promise<void>
/** Target of each form, as in its current file. */
let forms: Map<string, Target>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-sheets-'))
  emulator = buildEmulator({ file: join(folder, 'emulator.sqlite') })
  url = `${await emulator.listen({ host: '127.0.0.1', port: 0 })}/`
  api = connectSheets({ rootUrl: url })
  published = []
  publish = async () => {}
  forms = new Map()
  sheets = await open()
})
afterEach(async () => {
  await sheets.close?.()
  await emulator.close()
  await rm(folder, { recursive: true })
})

function open(more: Record<string, unknown> = {}): Promise<Sheets> {
  const environment = { DATA_DIR: folder, SHEETS_ROOT_URL: url, SHEETS_BATCH_MS: 10, ...more }
  const config = Config.parse({
    SHEETS_WATERMARK_MS: 50,
    SHEETS_CALLS_PER_MINUTE: 1000,
    ...environment,
  })
  return openSheets(config, {
    log: pino({ level: 'silent' }),
    async emit(cause) {
      await publish()
      published.push(cause)
    },
    optionsOf: (form) => forms.get(form),
    formOf: () => undefined,
  })
}

const start = Date.now() - 60_000

function entry(n: number): Entry {
  const id = `id-${String(n).padStart(4, '0')}`
  const time = new Date(start + n).toISOString()
  const cause = { id: `${id}.validation.0`, subject: id, time, form: 'demo' }
  return { id, time, tab: 'Responses', cause, values: [['item1', `answer ${n}`]] }
}
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => entry(from + index).id)

async function add(spreadsheet: string, ...numbers: number[]): Promise<void> {
  await Promise.all(numbers.map((n) => sheets.add(spreadsheet, entry(n))))
}

async function ids(spreadsheetId = 'demo', range = 'Responses'): Promise<string[]> {
  const { data } = await api.spreadsheets.values
    .get({ spreadsheetId, range })
    .catch(() => ({ data: {} as never }))
  return ((data.values ?? []) as string[][]).slice(1).map(([id]) => id ?? '')
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await delay(20)
}

/** Value of a metric for its first label set, here the only tab whose rows wait. */
async function metric(name: string): Promise<number | undefined> {
  const found = await register.getSingleMetric(name)?.get()
  return found?.values[0]?.value
}

const setFaults = (payload: object) =>
  emulator.inject({ method: 'PUT', url: '/emulator/faults', payload })

test('entries added in any order are written in order of submission, and each is published once', async () => {
  const shuffled = Array.from({ length: 300 }, (_, n) => (n * 7) % 300)
  await add('demo', ...shuffled)
  await until(() => published.length === 300)
  expect(await ids()).toEqual(names(0, 300))
  expect(new Set(published.map(({ id }) => id)).size).toBe(300)
})

test('the column `submitted at` has the time as the form formats it', async () => {
  const timeCell = '2026-01-02 08:34:05+05:30'
  await sheets.add('demo', { ...entry(1), timeCell })
  await until(() => published.length === 1)
  const { data } = await api.spreadsheets.values.get({ spreadsheetId: 'demo', range: 'Responses' })
  expect(data.values?.[1]?.slice(0, 2)).toEqual([entry(1).id, timeCell])
})

test('an entry younger than the watermark waits for entries submitted before it', async () => {
  await sheets.close?.()
  sheets = await open({ SHEETS_WATERMARK_MS: 700 })
  const [first, second] = [entry(1), entry(2)]
  const now = Date.now()
  await sheets.add('demo', { ...second, time: new Date(now + 1).toISOString() })
  await delay(200)
  expect(await ids()).toEqual([])
  await sheets.add('demo', { ...first, time: new Date(now).toISOString() })
  await until(() => published.length === 2)
  expect(await ids()).toEqual([first.id, second.id])
})

test('an entry that was recorded is not written again, unless a repair asks for it and its row is gone', async () => {
  await add('demo', 1, 2)
  await until(() => published.length === 2)
  await api.spreadsheets.values.clear({ spreadsheetId: 'demo', range: 'Responses!A2:C2' })
  await add('demo', 1, 2)
  await sheets.flush()
  expect(await ids()).toEqual(['', entry(2).id])
  await sheets.add('demo', { ...entry(1), again: true })
  await until(() => published.length === 3)
  expect(await ids()).toEqual(['', entry(2).id, entry(1).id])
})

test('rows of a spreadsheet that Google refuses wait, with a note, until it is accepted; others are written', async () => {
  await setFaults({ denied: ['closed'] })
  await add('closed', 1)
  await add('demo', 2)
  await until(
    async () => (await ids()).length === 1 && Boolean(sheets.notes?.()['closed/Responses']),
  )
  expect(sheets.notes?.()).toEqual({
    'closed/Responses': expect.stringMatching(
      new RegExp(`^rows waiting: 1, the oldest submitted at ${entry(1).time}: .*403.*permission`),
    ),
  })
  expect(sheets.problem!()).toBeUndefined()
  await setFaults({})
  await sheets.flush()
  expect(await ids('closed')).toEqual([entry(1).id])
  expect(sheets.notes?.()).toEqual({})
})

/** Makes it impossible to create a tab of this title: another tab takes its id. */
async function breakTab(title: string): Promise<void> {
  const properties = { sheetId: crc32(title) & 0x7fffffff, title: 'Renamed by a person' }
  const requestBody = { requests: [{ addSheet: { properties } }] }
  await api.spreadsheets.batchUpdate({ spreadsheetId: 'demo', requestBody })
}

test('a tab that cannot be created delays no other tab; its rows are written once to the new target of the form', async () => {
  await breakTab('Broken')
  const broken = [1, 3, 5].map((n) => ({ ...entry(n), tab: 'Broken' }))
  await Promise.all(broken.map((one) => sheets.add('demo', one)))
  await add('demo', 2, 4)
  await until(() => published.length === 2 && sheets.notes?.()['demo/Broken'] !== undefined)
  expect(await ids()).toEqual([entry(2).id, entry(4).id])
  expect(sheets.notes?.()).toEqual({
    'demo/Broken': expect.stringMatching(/^rows waiting: 3, .*found it under another name/),
  })
  expect(await metric('formstream_sheets_waiting')).toBe(3)
  expect(await metric('formstream_sheets_blocked')).toBe(1)
  expect(await metric('formstream_sheets_oldest_seconds')).toBeGreaterThanOrEqual(60)

  forms.set('demo', { spreadsheet: 'demo', tab: 'Fixed' })
  await sheets.flush()
  expect(await ids('demo', 'Fixed')).toEqual([1, 3, 5].map((n) => entry(n).id))
  expect(sheets.notes?.()).toEqual({})
  expect(await metric('formstream_sheets_waiting')).toBeUndefined()
  // Redeliveries of the same events, for either version of the form.
  for (const tab of ['Broken', 'Fixed', 'Responses'])
    await Promise.all([1, 2, 3, 4, 5].map((n) => sheets.add('demo', { ...entry(n), tab })))
  await sheets.flush()
  expect([await ids('demo', 'Fixed'), await ids()].map((found) => found.length)).toEqual([3, 2])
  expect(published).toHaveLength(5)
})

test('rows that wait for a refused spreadsheet move to the one that the form names now', async () => {
  await setFaults({ denied: ['closed'] })
  await add('closed', 1, 2)
  await until(() => sheets.notes?.()['closed/Responses'] !== undefined)
  forms.set('demo', { spreadsheet: 'demo', tab: 'Responses' })
  await sheets.flush()
  expect(await ids()).toEqual(names(1, 3))
  expect(published.map(({ subject }) => subject).toSorted()).toEqual(names(1, 3))
  expect(sheets.notes?.()).toEqual({})
})

test('a row that may have been written keeps its target, even if the form has changed since', async () => {
  publish = () => Promise.reject(new Error('the sink is away'))
  await add('demo', 1)
  await until(async () => (await ids()).length === 1)
  forms.set('demo', { spreadsheet: 'other', tab: 'Responses' })
  await add('other', 2)
  publish = async () => {}
  await sheets.flush()
  await until(() => published.length === 2)
  expect([await ids(), await ids('other')]).toEqual([[entry(1).id], [entry(2).id]])
})

test('while Google rejects the credentials, a note says so and rows are buffered; then they are written', async () => {
  await setFaults({ unauthorized: true })
  await add('demo', 1)
  await until(() => sheets.notes?.().credentials !== undefined)
  expect(sheets.notes?.().credentials).toMatch(/does not accept the credentials/)
  expect(sheets.problem!()).toBeUndefined()
  await add('demo', 2)
  await setFaults({})
  await until(() => sheets.notes?.().credentials === undefined)
  await until(() => published.length === 2)
  expect(await ids()).toEqual(names(1, 3))
})

test('while Google does not respond, a note says so; then rows are written without a restart', async () => {
  await sheets.close?.()
  sheets = await open({ SHEETS_TIMEOUT_MS: 150 })
  await setFaults({ rateHang: 1 })
  await add('demo', 1, 2)
  const note = /^rows waiting: 2, .*: Expected an answer of Google within 150 ms, found none$/
  await until(() => note.test(sheets.notes?.()['demo/Responses'] ?? ''))
  expect(await metric('formstream_sheets_blocked')).toBe(0)
  await setFaults({})
  await until(() => published.length === 2)
  expect(await ids()).toEqual(names(1, 3))
})

test('a row whose event cannot be published is published later, with the same cause', async () => {
  let failures = 3
  publish = async () => {
    if (failures-- > 0) throw new Error('the sink is away')
  }
  await add('demo', 1)
  await until(() => published.length === 1)
  expect(published).toEqual([entry(1).cause])
  expect(await ids()).toEqual([entry(1).id])
})

test('if every other publish fails, each event is still published exactly once', async () => {
  let calls = 0
  publish = async () => {
    if (calls++ % 2 === 0) throw new Error('the sink is away')
  }
  await add('demo', ...Array.from({ length: 8 }, (_, n) => n))
  await until(() => published.length === 8)
  expect(published.map(({ subject }) => subject).toSorted()).toEqual(names(0, 8))
}, 15_000)

test('rows that wait at close are written once after the next start', async () => {
  await setFaults({ rate503: 1 })
  await add('demo', 1, 2)
  await sheets.close?.()
  await setFaults({})
  sheets = await open()
  await until(() => published.length === 2)
  expect(await ids()).toEqual(names(1, 3))
})

test('at the quota batches grow, so that no call exceeds it', async () => {
  await sheets.close?.()
  await setFaults({ quota: true })
  sheets = await open({ SHEETS_CALLS_PER_MINUTE: 10 })
  for (let n = 0; n < 40; n++) {
    await add('demo', n)
    await delay(10)
  }
  await until(async () => {
    const { reads, writes } = (await emulator.inject('/emulator/stats')).json()
    return Math.max(reads, writes) >= 10
  })
  const { reads, writes, byStatus } = (await emulator.inject('/emulator/stats')).json()
  expect([reads, writes].every((calls: number) => calls <= 10)).toBe(true)
  expect(byStatus['429']).toBeUndefined()
})
