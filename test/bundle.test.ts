// Bundles of `npm run build` need no other files: each starts in an empty folder, answers, publishes, and drains on SIGTERM.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { Pool } from 'undici'
import { submissionSubmitted, submissionValidated } from '#kafka/events.ts'
import { eventOf, wireOf } from '#kit/events.fixture.ts'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { deadLetterFacts, endpointFacts, taskFacts } from '../knative/generate/function-facts.ts'
import { bundle } from '../scripts/build/bundle.ts'
import { type Alone, type Ended, type Sink, startAlone, startSink } from './bundle-process.ts'
import { runScript } from './command.ts'
import { freePorts } from './free-ports.ts'
import { startEmulator } from './sheets/emulator.ts'

const form = `title: Demo
fields:
  item1: { type: text }
  mobile: { type: phone, region: IN, required: false }
tasks:
  sheets: { spreadsheet: demo, tab: Responses }
  slang: { fields: [item1] }
`
const tasks = await findClusterTasks()
const names = ['form-endpoint', 'dead-letter', ...tasks.map(({ name }) => name)]

let folder: string
let sink: Sink
const running: Alone[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-bundles-'))
  await mkdir(join(folder, 'forms'))
  await writeFile(join(folder, 'forms', 'demo.yaml'), form)
  sink = await startSink()
  // Not by the command, which starts each bundle three times to measure the time.
  for (const facts of [endpointFacts(), deadLetterFacts(), ...tasks.map(taskFacts)]) {
    await bundle(facts, folder)
  }
}, 120_000)
afterEach(async () => {
  await Promise.all(running.splice(0).map((alone) => alone.stop()))
  sink.events.length = 0
})
afterAll(async () => {
  sink.close()
  await rm(folder, { recursive: true })
})

async function start(name: string, environment: Record<string, string> = {}): Promise<Alone> {
  const own = { FORMS_DIR: join(folder, 'forms'), K_SINK: sink.url, DATA_DIR: folder }
  const alone = await startAlone(join(folder, name), { ...own, ...environment })
  running.push(alone)
  return alone
}

const answers = { item1: 'you bastard' }
const submitted = eventOf(submissionSubmitted({ answers: { ...answers, mobile: '70044 65984' } }))
const validated = eventOf(submissionValidated({ version: 'v', answers }))

function deliver(url: string, event: typeof submitted | typeof validated): Promise<Response> {
  return fetch(url, { method: 'POST', ...wireOf(event) })
}

test('npm run build prints the size of a bundle and how long it takes to start', async () => {
  const environment = { DIST_DIR: join(folder, 'by command') }
  expect(await runScript(environment, 'scripts/build.ts', 'slang')).toMatch(/^slang .* MB, .* ms/)
})

test.each(names)(
  '%s starts in an empty folder, and serves its health and metrics',
  async (name) => {
    const manifest = JSON.parse(await readFile(join(folder, name, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({
      name,
      type: 'module',
      engines: { node: '>=24' },
      scripts: { start: 'node --max-semi-space-size=8 index.js' },
    })
    // No dependencies, so building an image needs no package registry.
    expect(manifest).not.toHaveProperty('dependencies')
    // As in a container.
    const { url } = await start(name, { HOST: '0.0.0.0' })
    for (const path of ['/health/liveness', '/health/readiness', '/metrics']) {
      const { status } = await fetch(url + path)
      expect([path, status]).toEqual([path, 200])
    }
  },
)

test('a delivery to validation is published, with normalised answers', async () => {
  const { url } = await start('validation')
  expect((await deliver(url, submitted)).status).toBe(204)
  expect(sink.events).toMatchObject([
    { id: 's-1.validation.0', data: { answers: { ...answers, mobile: '+917004465984' } } },
  ])
})

test('the findings of slang are published', async () => {
  const { url } = await start('slang')
  expect((await deliver(url, validated)).status).toBe(204)
  expect(sink.events).toMatchObject([
    { id: 's-1.slang.0', data: { findings: [{ field: 'item1', term: 'bastard' }] } },
  ])
})

test('a delivery to sheets becomes a row, through Google’s client', async () => {
  const emulator = await startEmulator(folder)
  const { url } = await start('sheets', {
    SHEETS_ROOT_URL: `${emulator.url}/`,
    SHEETS_BATCH_MS: '20',
    SHEETS_WATERMARK_MS: '20',
  })
  expect((await deliver(url, validated)).status).toBe(204)
  while (sink.events.length === 0) await delay(20)
  emulator.stop()
  expect(sink.events).toMatchObject([{ id: 's-1.sheets.0', data: { spreadsheet: 'demo', row: 2 } }])
})

test('the dead-letter function publishes a record that a task rejected, however malformed', async () => {
  const { url } = await start('dead-letter')
  const error = { 'ce-knativeerrordest': 'http://slang.formstream.svc.cluster.local/' }
  const headers = { ...error, 'content-type': 'application/cloudevents+json' }
  expect((await fetch(url, { method: 'POST', headers, body: 'no JSON' })).status).toBe(202)
  expect(sink.events).toMatchObject([
    {
      type: 'formstream.record.unreadable',
      knativeerrordest: error['ce-knativeerrordest'],
      data: { body: 'no JSON' },
    },
  ])
})

test('the endpoint answers a submission after it was published', async () => {
  const { url } = await start('form-endpoint')
  const answer = await submit(url)
  expect(answer.status).toBe(202)
  const { id } = (await answer.json()) as { id: string }
  expect(sink.events).toMatchObject([{ id, type: submissionSubmitted.type, form: 'demo' }])
})

test('the endpoint has the pages of forms and their script', async () => {
  const { url } = await start('form-endpoint')
  const page = await (await fetch(`${url}/forms/demo`)).text()
  const script = await fetch(`${url}${/src="([^"]*)"/.exec(page)?.[1]}`)
  expect(script.headers.get('cache-control')).toContain('immutable')
  expect(await script.text()).toContain('attachForm')
})

const submit = (url: string): Promise<Response> =>
  fetch(`${url}/forms/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(answers),
  })

test.each([
  ['validation', 204, (url: string) => deliver(url, submitted)],
  ['form-endpoint', 202, submit],
])('after SIGTERM %s answers requests in flight, and exits with 0', async (name, status, send) => {
  const { url, child, exited } = await start(name)
  const held = sink.hold()
  const answer = send(url)
  const release = await held
  child.kill('SIGTERM')
  // Once it does not listen any more, it has received the signal.
  while (
    await fetch(`${url}/health/liveness`).then(
      () => true,
      () => false,
    )
  )
    await delay(5)
  release()
  expect((await answer).status).toBe(status)
  expect(await exited).toBe(0)
})

/** Milliseconds until a cluster stops sending requests to a pod that is shutting down. */
const untilRemoved = 300

test('SIGTERM under load resets no delivery, though deliveries arrive for a while after it', async () => {
  for (let round = 0; round < 2; round++) {
    const { url, child, exited } = await start('validation')
    const pool = new Pool(url, { connections: 30 })
    let removed = false
    const statuses: number[] = []
    const source = async () => {
      while (!removed) {
        const { statusCode, body } = await pool.request({ path: '/', ...request })
        await body.dump()
        statuses.push(statusCode)
      }
    }
    const sources = Promise.all(Array.from({ length: 30 }, source))
    while (statuses.length < 100) await delay(10)
    child.kill('SIGTERM')
    setTimeout(() => {
      removed = true
    }, untilRemoved)
    await sources
    expect([new Set(statuses), await exited]).toEqual([new Set([204]), 0])
    await pool.close()
  }
})

const request = { method: 'POST', ...wireOf(submitted) } as const

test.each([
  ['the endpoint without a log', 'form-endpoint', { K_SINK: '' }, /KAFKA_BROKERS .* or K_SINK/],
  [
    'the endpoint without its brokers',
    'form-endpoint',
    { KAFKA_BROKERS: '127.0.0.1:9' },
    /Kafka cannot be reached at 127\.0\.0\.1:9: .*ECONNREFUSED/,
  ],
  [
    'sheets without Redis and a disk',
    'sheets',
    { DATA_DIR: '/proc/none' },
    /Expected REDIS_URL, or DATA_DIR .* found "\/proc\/none"/,
  ],
  ['a task with a wrong port', 'slang', { PORT: 'x' }, /PORT: expected a port, found "x"/],
  [
    'a task with an address of another machine',
    'slang',
    { PORT: '1', HOST: '192.0.2.1' },
    /192\.0\.2\.1/,
  ],
  ['a task with a wrong log level', 'slang', { LOG_LEVEL: 'x' }, /LOG_LEVEL: expected one of/],
])('%s does not start, and logs the reason in one line', async (_title, name, env, reason) => {
  const ended = await start(name, env).then(
    () => undefined,
    (error: Ended) => error,
  )
  expect(ended?.lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ level: 60, msg: expect.stringMatching(reason) }),
  ])
  expect(ended?.lines.join()).not.toContain('    at ')
})

test.each(names)('%s serves pages for operators only on METRICS_PORT', async (name) => {
  const METRICS_PORT = String((await freePorts(1))[0])
  const { url } = await start(name, { METRICS_PORT })
  const paths = name === 'form-endpoint' ? ['/metrics', '/openapi.json'] : ['/metrics']
  for (const path of paths) {
    const statuses = [`http://127.0.0.1:${METRICS_PORT}`, url].map(async (at) => {
      return (await fetch(at + path)).status
    })
    // The dead-letter function accepts POST at any path.
    const there = name === 'dead-letter' ? 405 : 404
    expect([path, ...(await Promise.all(statuses))]).toEqual([path, 200, there])
  }
})
