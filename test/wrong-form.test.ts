// A form's file is made invalid while people submit to two endpoints, as in a cluster: endpoints and validation share a folder of
// forms that none of them can write to. Submissions answered with 202 are validated, none becomes a dead letter, none gets 404.
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

interface Endpoint {
  url: string
  stop: () => Promise<void>
}

let folder: string
let forms: string
let log: SqliteLog
let platform: Platform
let sink: string
const endpoints: Endpoint[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-wrong-form-'))
  forms = join(folder, 'forms')
  await mkdir(forms)
  log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
})

/** `copies`: whether the folder has the checked copies that `npm run generate` writes. */
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
  endpoints.push(await startEndpoint(), await startEndpoint())
}

afterEach(async () => {
  await Promise.all(endpoints.splice(0).map(({ stop }) => stop()))
  await platform.close()
  await log.close()
  await rm(folder, { recursive: true })
})

async function startEndpoint(): Promise<Endpoint> {
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

/** Restarts one endpoint, and stops validation, which starts again with its next event. */
async function restart(index: number): Promise<void> {
  await endpoints[index]!.stop()
  endpoints[index] = await startEndpoint()
  await platform.functions.get('validation')!.stop()
}

/** Replaces the file atomically, as kubelet does. */
async function edit(text: string): Promise<void> {
  await writeFile(join(folder, 'edit'), text)
  await rename(join(folder, 'edit'), join(forms, 'live.yaml'))
}

/** Posts to the endpoints in turn. Returns the number of answers by status. */
async function post(count: number, path: string): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  for (let n = 0; n < count; n++) {
    const { url } = endpoints[n % endpoints.length]!
    const body = JSON.stringify({ item1: `${n}` })
    const headers = { 'content-type': 'application/json' }
    const { status } = await fetch(`${url}${path}`, { method: 'POST', headers, body })
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  return statuses
}

const get = async ({ url }: Endpoint, path: string) => (await fetch(`${url}${path}`)).text()

/** Waits until all endpoints report `note`, so that they have read the edited file. */
async function untilNoted(note: string | undefined): Promise<void> {
  for (const one of endpoints) {
    while (JSON.parse(await get(one, '/health/readiness')).notes?.forms !== note) await delay(20)
  }
}

async function untilHandled(): Promise<void> {
  while ((await platform.sources.get('validation')!.lag()) > 0) await delay(20)
}

async function typesOn(topic: string): Promise<string[]> {
  const reading = await openReading(log, topic)
  const types: string[] = []
  await reading.read(async ({ headers }) => void types.push(headers['ce-type'] as string))
  await reading.close()
  return types
}

const validated = (count: number) => Array(count).fill('formstream.submission.validated')
const note = '1 wrong: live.yaml:4 fields.item1.type'

test('with a checked copy, running and restarted processes accept and validate every post', async () => {
  await start(true)
  expect(await post(12, '/forms/live')).toEqual({ 202: 12 })
  await edit(file('live', 'txt'))
  await untilNoted(note)
  await restart(1)
  await untilNoted(note)
  expect([await post(12, '/forms/live'), await post(12, '/live-address/')]).toEqual([
    { 202: 12 },
    { 202: 12 },
  ])
  await untilHandled()
  expect([await typesOn('forms.validated'), await typesOn('forms.dead-letter')]).toEqual([
    validated(36),
    [],
  ])
  expect(await get(endpoints[1]!, '/metrics')).toMatch(/^formstream_forms_wrong 1$/m)
  const validation = platform.functions.get('validation')!
  expect(JSON.parse((await validation.get('/health/readiness'))!.body)).toEqual({
    status: 'up',
    notes: expect.objectContaining({ forms: note }),
  })
  expect((await validation.get('/metrics'))!.body).toMatch(/^formstream_forms_wrong 1$/m)
}, 60_000)

test('without a copy, restarted endpoints answer 503, accepted submissions wait, other forms are unaffected', async () => {
  await start(false)
  await edit(file('live', 'txt'))
  await untilNoted(note)
  await restart(1)
  await untilNoted(note)
  expect(await post(12, '/forms/live')).toEqual({ 202: 6, 503: 6 })
  expect(await post(2, '/live-address/')).toEqual({ 202: 1, 503: 1 })
  expect(await post(12, '/forms/other')).toEqual({ 202: 12 })
  while ((await typesOn('forms.validated')).length < 12) await delay(20)
  await restart(0)
  expect(await post(2, '/forms/live')).toEqual({ 503: 2 })
  expect([await typesOn('forms.validated'), await typesOn('forms.dead-letter')]).toEqual([
    validated(12),
    [],
  ])
  await edit(file('live'))
  await untilNoted(undefined)
  await untilHandled()
  expect([await typesOn('forms.validated'), await typesOn('forms.dead-letter')]).toEqual([
    validated(19),
    [],
  ])
}, 60_000)
