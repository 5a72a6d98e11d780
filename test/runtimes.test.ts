// The same task on three runtimes: they accept the same requests as events, and answer with the same statuses.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { submissionValidated } from '#kafka/events.ts'
import { eventOf, wireOf } from '#kit/events.fixture.ts'
import { type Sink, startSink } from './bundle-process.ts'
import { freePorts } from './free-ports.ts'

type Headers = Record<string, string>
interface Case {
  headers: Headers
  body?: string
  status: number
  /** Other statuses of func's and Google's runtimes, for requests that they answer without calling our handler. */
  otherwise?: Partial<Record<'faas' | 'functions-framework', number>>
}

const event = eventOf(submissionValidated({ version: 'v', answers: { item1: 'नमस्ते' } }))
const { headers, body } = wireOf(event)
/** The task fails on this event in the given way: runtimes/task.ts. */
const failing = (fail: string) =>
  wireOf(eventOf(submissionValidated({ version: 'v', answers: { fail } })))
const without = (name: string): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

// The example of the HTTP protocol binding of CloudEvents 1.0, section 3.
const example = {
  specversion: '1.0',
  type: 'com.example.someevent',
  time: '2018-04-05T03:56:24Z',
  id: '1234-1234-1234',
  source: '/mycontext/subcontext',
}
const asHeaders = Object.fromEntries(
  Object.entries(example).map(([name, value]) => [`ce-${name}`, value]),
)
const json = { 'content-type': 'application/json; charset=utf-8' }
const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' }
const plain = { 'content-type': 'application/cloudevents+json' }
const structuredBody = (attributes: object): string => JSON.stringify({ ...example, ...attributes })

const accepted: Record<string, Omit<Case, 'status'>> = {
  'the example in binary mode': { headers: { ...asHeaders, ...json }, body: '{"a":1}' },
  'binary mode with text': { headers: { ...asHeaders, 'content-type': 'text/plain' }, body: 'a' },
  'binary mode with bytes': {
    headers: { ...asHeaders, 'content-type': 'application/octet-stream' },
    body: '\u0001\u0002',
  },
  'binary mode without a body': { headers: asHeaders },
  'an extension of a KafkaSource': {
    headers: { ...asHeaders, ...json, 'ce-knativekafkaoffset': '564' },
    body: '{}',
  },
  'the example in structured mode': {
    headers: structured,
    body: structuredBody({ data: { a: 1 } }),
  },
  'structured mode without a charset': { headers: plain, body: structuredBody({ data: 'a' }) },
  'structured mode with base64': { headers: plain, body: structuredBody({ data_base64: 'AQI=' }) },
  'structured mode without data': { headers: plain, body: structuredBody({}) },
}

/** faas-js-runtime parses events itself and answers 500 when it cannot. A KafkaSource would retry that, but never sends such events. */
const faasFails = { faas: 500 }

const malformed: Record<string, Omit<Case, 'status'>> = {
  'no id': { headers: without('ce-id'), body },
  'an empty id': { headers: { ...headers, 'ce-id': '' }, body },
  'no type': { headers: without('ce-type'), body, otherwise: faasFails },
  'no source': { headers: without('ce-source'), body, otherwise: faasFails },
  'no specversion': { headers: without('ce-specversion'), body },
  'an unsupported specversion': { headers: { ...headers, 'ce-specversion': '0.3' }, body },
  'an extension with -': { headers: { ...headers, 'ce-my-own': 'x' }, body, otherwise: faasFails },
  'an extension with _': { headers: { ...headers, 'ce-my_own': 'x' }, body, otherwise: faasFails },
  'an invalid time': { headers: { ...headers, 'ce-time': 'noon' }, body },
  'broken JSON': { headers, body: '{"a":' },
  'JSON that is not an event': { headers: json, body: '{}' },
  'no content type and no body': { headers: {} },
  'an HTML form': { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
  'a batch': {
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: `[${structuredBody({})}]`,
    otherwise: faasFails,
  },
  'a batch with a charset': {
    headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' },
    body: `[${structuredBody({})}]`,
    otherwise: faasFails,
  },
  'structured mode without an id': { headers: plain, body: structuredBody({ id: undefined }) },
  'structured mode with an unsupported version': {
    headers: structured,
    body: structuredBody({ specversion: '0.3' }),
  },
  'structured mode with a bad extension': {
    headers: structured,
    body: structuredBody({ 'My-Own': 'x' }),
    otherwise: faasFails,
  },
  'structured mode in another charset': {
    headers: { 'content-type': 'application/cloudevents+json; charset=iso-8859-1' },
    body: structuredBody({}),
    otherwise: { 'functions-framework': 415 },
  },
  'structured mode with a list': {
    headers: structured,
    body: `[${structuredBody({})}]`,
    otherwise: faasFails,
  },
  'structured mode with broken JSON': { headers: structured, body: '{"specversion":"1.0",' },
}

const handled: Record<string, Case> = {
  'a Rejected error is final': { ...failing('rejected'), status: 422 },
  'a RetryLater error is retried': { ...failing('retry-later'), status: 503 },
  'any other error is retried': { ...failing('fault'), status: 500 },
  'data that does not fit the schema is final': { headers, body: '{"answers":5}', status: 422 },
  'data without a content type is final': { headers: without('content-type'), body, status: 422 },
  'a body over 1 MiB is final': {
    headers,
    body: JSON.stringify({ version: 'v', answers: { item1: 'a'.repeat(2 ** 20) } }),
    status: 413,
  },
}

const cases: Record<string, Case> = {
  ...Object.fromEntries(
    Object.entries(accepted).map(([name, one]) => [name, { ...one, status: 204 }]),
  ),
  ...Object.fromEntries(
    Object.entries(malformed).map(([name, one]) => [name, { ...one, status: 400 }]),
  ),
  ...handled,
}

let folder: string
let sink: Sink
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-runtimes-'))
  await writeFile(join(folder, 'demo.yaml'), 'title: Demo\nfields:\n  item1: { type: text }\n')
  sink = await startSink()
})
afterAll(async () => {
  sink.close()
  await rm(folder, { recursive: true })
})

describe.each(['kit', 'faas', 'functions-framework'] as const)('on the runtime %s', (runtime) => {
  let child: ChildProcess
  let url: string
  beforeAll(async () => {
    const PORT = String((await freePorts(1))[0])
    const settings = { PORT, HOST: '127.0.0.1', K_SINK: sink.url, FORMS_DIR: folder }
    const env = { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'silent', ...settings }
    const file = join(import.meta.dirname, 'runtimes', `${runtime}.ts`)
    child = fork(file, { env, silent: true })
    const [{ listening }] = await once(child, 'message')
    url = `http://127.0.0.1:${listening}/`
  })
  afterAll(async () => {
    if (child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const post = (headers: Headers, body?: string) =>
    fetch(url, { method: 'POST', headers, ...(body !== undefined && { body }) })

  test.each(Object.entries(cases))(
    '%s gets the expected status, and nothing is published',
    async (_name, { status, otherwise, headers, body }) => {
      sink.events.length = 0
      const answer = await post(headers, body)
      const expected = (runtime !== 'kit' && otherwise?.[runtime]) || status
      expect(answer.status).toBe(expected)
      expect(await answer.text()).not.toMatch(/xyzzy|नमस्ते/)
      expect(sink.events).toEqual([])
    },
  )

  test.each([
    ['binary', headers, body],
    ['structured', structured, JSON.stringify(event)],
    ['structured without a charset', plain, JSON.stringify(event)],
    ['binary with an encoded header', { ...headers, 'ce-subject': 'Euro%20%E2%82%AC' }, body],
  ])(
    'an event in %s mode is handled, and the follow-on event is published',
    async (_mode, headers, body) => {
      sink.events.length = 0
      expect((await post(headers, body)).status).toBe(204)
      const subject = 'ce-subject' in headers && headers['ce-subject'] !== 's-1' ? 'Euro €' : 's-1'
      expect(sink.events).toMatchObject([
        { id: 's-1.echo.0', source: '/tasks/echo', subject, data: event.data, form: 'demo' },
      ])
    },
  )

  // functions-framework answers 500 to requests in flight and exits; the source then retries them.
  if (runtime === 'functions-framework') return
  test('after SIGTERM it answers the request in flight, then exits with 0', async () => {
    const held = sink.hold()
    const answer = post(headers, body)
    const release = await held
    child.kill('SIGTERM')
    // Long enough for a process without a signal handler to have exited.
    await delay(200)
    expect(child.exitCode).toBeNull()
    release()
    expect((await answer).status).toBe(204)
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })
})
