// One task through three runtimes: what is an event, and which status says what happens next, is the same in all of them.
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
  /** Where a runtime answers before the task is asked; what func's and Google's runtimes do cannot be changed from inside. */
  otherwise?: Partial<Record<'faas' | 'functions-framework', number>>
}

const event = eventOf(submissionValidated({ version: 'v', answers: { item1: 'नमस्ते' } }))
const { headers, body } = wireOf(event)
const ends = (end: string) =>
  wireOf(eventOf(submissionValidated({ version: 'v', answers: { end } })))
const without = (name: string): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))

// Of the HTTP protocol binding of CloudEvents 1.0, section 3.
const specified = {
  specversion: '1.0',
  type: 'com.example.someevent',
  time: '2018-04-05T03:56:24Z',
  id: '1234-1234-1234',
  source: '/mycontext/subcontext',
}
const asHeaders = Object.fromEntries(
  Object.entries(specified).map(([name, value]) => [`ce-${name}`, value]),
)
const json = { 'content-type': 'application/json; charset=utf-8' }
const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' }
const plain = { 'content-type': 'application/cloudevents+json' }
const said = (attributes: object): string => JSON.stringify({ ...specified, ...attributes })

const good: Record<string, Omit<Case, 'status'>> = {
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
  'the example in structured mode': { headers: structured, body: said({ data: { a: 1 } }) },
  'structured mode without a charset': { headers: plain, body: said({ data: 'a' }) },
  'structured mode with base64': { headers: plain, body: said({ data_base64: 'AQI=' }) },
  'structured mode without data': { headers: plain, body: said({}) },
}

/** It reads events itself, before the function, and answers 500 where it cannot: a KafkaSource would retry it, but posts none such. */
const unread = { faas: 500 }

const bad: Record<string, Omit<Case, 'status'>> = {
  'no id': { headers: without('ce-id'), body },
  'an empty id': { headers: { ...headers, 'ce-id': '' }, body },
  'no type': { headers: without('ce-type'), body, otherwise: unread },
  'no source': { headers: without('ce-source'), body, otherwise: unread },
  'no specversion': { headers: without('ce-specversion'), body },
  'another specversion': { headers: { ...headers, 'ce-specversion': '0.3' }, body },
  'an extension with -': { headers: { ...headers, 'ce-my-own': 'x' }, body, otherwise: unread },
  'an extension with _': { headers: { ...headers, 'ce-my_own': 'x' }, body, otherwise: unread },
  'a time that is none': { headers: { ...headers, 'ce-time': 'noon' }, body },
  'broken JSON': { headers, body: '{"a":' },
  'no event at all': { headers: json, body: '{}' },
  'no content type and no body': { headers: {} },
  'a form': { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
  'a batch': {
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: `[${said({})}]`,
    otherwise: unread,
  },
  'a batch with a charset': {
    headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' },
    body: `[${said({})}]`,
    otherwise: unread,
  },
  'structured mode without an id': { headers: plain, body: said({ id: undefined }) },
  'structured mode of another version': { headers: structured, body: said({ specversion: '0.3' }) },
  'structured mode with a bad extension': {
    headers: structured,
    body: said({ 'My-Own': 'x' }),
    otherwise: unread,
  },
  'structured mode in another charset': {
    headers: { 'content-type': 'application/cloudevents+json; charset=iso-8859-1' },
    body: said({}),
    otherwise: { 'functions-framework': 415 },
  },
  'structured mode with a list': {
    headers: structured,
    body: `[${said({})}]`,
    otherwise: unread,
  },
  'structured mode with broken JSON': { headers: structured, body: '{"specversion":"1.0",' },
}

const ended: Record<string, Case> = {
  'Rejected is final': { ...ends('rejected'), status: 422 },
  'RetryLater is retried': { ...ends('later'), status: 503 },
  'a fault is retried': { ...ends('fault'), status: 500 },
  'data of another shape is final': { headers, body: '{"answers":5}', status: 422 },
  'data of no content type is final': { headers: without('content-type'), body, status: 422 },
  'a body over 1 MiB is final': {
    headers,
    body: JSON.stringify({ version: 'v', answers: { item1: 'a'.repeat(2 ** 20) } }),
    status: 413,
  },
}

const cases: Record<string, Case> = {
  ...Object.fromEntries(Object.entries(good).map(([name, one]) => [name, { ...one, status: 204 }])),
  ...Object.fromEntries(Object.entries(bad).map(([name, one]) => [name, { ...one, status: 400 }])),
  ...ended,
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

describe.each(['kit', 'faas', 'functions-framework'] as const)('%s', (runtime) => {
  let child: ChildProcess
  let url: string
  beforeAll(async () => {
    const PORT = String((await freePorts(1))[0])
    const own = { PORT, HOST: '127.0.0.1', K_SINK: sink.url, FORMS_DIR: folder }
    const env = { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'silent', ...own }
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
  const post = (sent: Headers, text?: string) =>
    fetch(url, { method: 'POST', headers: sent, ...(text !== undefined && { body: text }) })

  test.each(Object.entries(cases))('%s', async (_name, { status, otherwise, ...sent }) => {
    sink.events.length = 0
    const answer = await post(sent.headers, sent.body)
    const expected = (runtime !== 'kit' && otherwise?.[runtime]) || status
    expect(answer.status).toBe(expected)
    expect(await answer.text()).not.toMatch(/xyzzy|नमस्ते/)
    expect(sink.events).toEqual([])
  })

  test.each([
    ['binary', headers, body],
    ['structured', structured, JSON.stringify(event)],
    ['structured without a charset', plain, JSON.stringify(event)],
    ['binary with an encoded header', { ...headers, 'ce-subject': 'Euro%20%E2%82%AC' }, body],
  ])('an event in %s mode is handled, and what follows is published', async (_mode, sent, text) => {
    sink.events.length = 0
    expect((await post(sent, text)).status).toBe(204)
    const subject = 'ce-subject' in sent && sent['ce-subject'] !== 's-1' ? 'Euro €' : 's-1'
    expect(sink.events).toMatchObject([
      { id: 's-1.echo.0', source: '/tasks/echo', subject, data: event.data, form: 'demo' },
    ])
  })

  // It answers 500 to what is in flight, and exits: the source retries.
  if (runtime === 'functions-framework') return
  test('SIGTERM lets it answer what is in flight', async () => {
    const held = sink.hold()
    const answer = post(headers, body)
    const release = await held
    child.kill('SIGTERM')
    // Longer than a process without a handler would live.
    await delay(200)
    expect(child.exitCode).toBeNull()
    release()
    expect((await answer).status).toBe(204)
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  })
})
