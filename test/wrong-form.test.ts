// A live form is edited wrongly while people submit: two doors and the validation of a cluster, on one folder of forms that none
// of them can write to. What was answered with 202 is validated; nothing becomes a dead letter; no door says that there is no form.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { silent } from '#kit/events.fixture.ts'
import { findTask } from '#kit/find-tasks.ts'
import { checkedName } from '#kit/forms/folder/read-folder.ts'
import { buildPlatform, type Platform } from '../local/knative/platform.ts'
import { openReading } from '../local/knative/read-topic.ts'

const file = (id: string, type = 'text') =>
  `title: A form\npath: /${id}-address/\nfields:\n  item1: { type: ${type} }\n`
const main = join(import.meta.dirname, '..', 'functions', 'form-endpoint', 'main.ts')

interface Door {
  url: string
  stop: () => Promise<void>
}

let folder: string
let forms: string
let log: SqliteLog
let platform: Platform
let sink: string
const doors: Door[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-wrong-form-'))
  forms = join(folder, 'forms')
  await mkdir(forms)
  log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
})

/** With the copies that `npm run generate` puts beside the forms, or without. */
async function start(copies: boolean): Promise<void> {
  for (const id of ['live', 'other']) {
    const text = file(id)
    await writeFile(join(forms, `${id}.yaml`), text)
    if (copies) await writeFile(join(forms, checkedName(`${id}.yaml`)), text)
  }
  platform = buildPlatform({
    log,
    tasks: [await findTask('validation')],
    env: () => ({ FORMS_DIR: forms, LOG_LEVEL: 'silent' }),
    idle: 60_000,
    rules: { delay: 50 },
    logger: silent,
  })
  sink = await platform.start()
  doors.push(await door(), await door())
}

afterEach(async () => {
  await Promise.all(doors.splice(0).map(({ stop }) => stop()))
  await platform.close()
  await log.close()
  await rm(folder, { recursive: true })
})

async function door(): Promise<Door> {
  const env = { ...process.env, NODE_OPTIONS: '', PORT: '0', LOG_LEVEL: 'silent' }
  const own = { FORMS_DIR: forms, K_SINK: `${sink}/topics/forms.submitted`, KAFKA_BROKERS: '' }
  const child = fork(main, { env: { ...env, ...own } })
  const [{ listening }] = await once(child, 'message')
  return {
    url: `http://127.0.0.1:${listening}`,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** Both are ended and started again: the doors while nobody looks, validation as its next event comes. */
async function restart(which: number): Promise<void> {
  await doors[which]!.stop()
  doors[which] = await door()
  await platform.functions.get('validation')!.stop()
}

/** In one step, as kubelet does it. */
async function edit(text: string): Promise<void> {
  await writeFile(join(folder, 'edit'), text)
  await rename(join(folder, 'edit'), join(forms, 'live.yaml'))
}

/** Turn by turn to each door; how many answers of each status there were. */
async function post(count: number, path: string): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  for (let n = 0; n < count; n++) {
    const { url } = doors[n % doors.length]!
    const body = JSON.stringify({ item1: `${n}` })
    const headers = { 'content-type': 'application/json' }
    const { status } = await fetch(`${url}${path}`, { method: 'POST', headers, body })
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  return statuses
}

const get = async (at: Door, path: string) => (await fetch(`${at.url}${path}`)).text()

/** Every process that runs has seen the edit. */
async function noted(note: string | undefined): Promise<void> {
  for (const one of doors) {
    while (JSON.parse(await get(one, '/health/readiness')).notes?.forms !== note) await delay(20)
  }
}

async function settled(): Promise<void> {
  while ((await platform.sources.get('validation')!.lag()) > 0) await delay(20)
}

async function held(topic: string): Promise<string[]> {
  const reading = await openReading(log, topic)
  const types: string[] = []
  await reading.read(async ({ headers }) => void types.push(headers['ce-type'] as string))
  await reading.close()
  return types
}

const validated = (count: number) => Array(count).fill('formstream.submission.validated')
const note = '1 wrong: live.yaml:4 fields.item1.type'

test('with a checked copy every post is accepted and validated, by old and new processes alike', async () => {
  await start(true)
  expect(await post(12, '/forms/live')).toEqual({ 202: 12 })
  await edit(file('live', 'txt'))
  await noted(note)
  await restart(1)
  await noted(note)
  expect([await post(12, '/forms/live'), await post(12, '/live-address/')]).toEqual([
    { 202: 12 },
    { 202: 12 },
  ])
  await settled()
  expect([await held('forms.validated'), await held('forms.dead-letter')]).toEqual([
    validated(36),
    [],
  ])
  expect(await get(doors[1]!, '/metrics')).toMatch(/^formstream_forms_wrong 1$/m)
  const validation = platform.functions.get('validation')!
  expect(JSON.parse((await validation.get('/health/readiness'))!.body)).toEqual({
    status: 'up',
    notes: expect.objectContaining({ forms: note }),
  })
  expect((await validation.get('/metrics'))!.body).toMatch(/^formstream_forms_wrong 1$/m)
}, 60_000)

test('without one a new door says when to try again, accepted submissions wait, other forms go on', async () => {
  await start(false)
  await edit(file('live', 'txt'))
  await noted(note)
  await restart(1)
  await noted(note)
  expect(await post(12, '/forms/live')).toEqual({ 202: 6, 503: 6 })
  expect(await post(2, '/live-address/')).toEqual({ 202: 1, 503: 1 })
  expect(await post(12, '/forms/other')).toEqual({ 202: 12 })
  while ((await held('forms.validated')).length < 12) await delay(20)
  await restart(0)
  expect(await post(2, '/forms/live')).toEqual({ 503: 2 })
  expect([await held('forms.validated'), await held('forms.dead-letter')]).toEqual([
    validated(12),
    [],
  ])
  await edit(file('live'))
  await noted(undefined)
  await settled()
  expect([await held('forms.validated'), await held('forms.dead-letter')]).toEqual([
    validated(19),
    [],
  ])
}, 60_000)
