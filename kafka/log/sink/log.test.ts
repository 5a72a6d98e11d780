// Uses a real HTTP server in place of a KafkaSink.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { type KeyedMessage, toKeyedMessage } from '../../binary-mode.ts'
import { toEvent } from '../../define-event.ts'
import { submissionSubmitted, submitted } from '../../events.ts'
import { LogUnavailable, TooLarge } from '../port.ts'
import { SinkLog } from './log.ts'

const topic = submitted.name
const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const event = (text = 'a'): KeyedMessage =>
  toKeyedMessage(
    toEvent(submissionSubmitted({ answers: { item1: text } }), {
      id: 's-1',
      source: '/forms/demo',
      subject: 's-1',
      time: '2026-01-02T03:04:05.000Z',
      form: 'demo',
    }),
  )

/** The path of the only KafkaSink that exists. */
const path = '/formstream/submitted'

/** The listener gets events sent to that path; other requests are answered as the receiver of KafkaSinks does. */
async function startSink(listener: RequestListener, options: Partial<typeof defaults> = {}) {
  const server = createServer((request, response) => {
    const answer = (status: number) => response.writeHead(status).end()
    if (request.method !== 'POST') return answer(405)
    if (request.url !== path) return answer(404)
    if (!request.headers['ce-id']) return answer(400)
    return listener(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, log: await open(port, options) }
}

const defaults = { deadline: 10_000, at: path }

async function open(port: number, options: Partial<typeof defaults> = {}): Promise<SinkLog> {
  const { at, deadline } = { ...defaults, ...options }
  const url = `http://127.0.0.1:${port}${at}`
  const log = await SinkLog.open({ url, topic, probeEvery: 20, failedFor: 100, deadline })
  closing.push(() => log.close())
  return log
}

const failure = (append: Promise<void>): Promise<unknown> =>
  append.then(
    () => 'no failure',
    (error) => error,
  )

test('an append resolves when the sink has answered 2xx, and the event arrives unchanged', async () => {
  const seen: object[] = []
  const { log } = await startSink((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      seen.push({ headers: request.headers, body })
      response.writeHead(202).end()
    })
  })
  await log.append(topic, event('नमस्ते'))
  const { headers, body } = event('नमस्ते')
  expect(seen).toMatchObject([{ headers, body }])
})

test.each([
  [503, true],
  [500, true],
  [408, true],
  [404, false],
  [429, false],
  [400, false],
])('after %d an append fails with begun: %s, and the log is not ready', async (status, begun) => {
  const { log } = await startSink((_request, response) => response.writeHead(status).end())
  expect(log.ready()).toBe(true)
  const error = await failure(log.append(topic, event()))
  expect(error).toBeInstanceOf(LogUnavailable)
  expect(error).toMatchObject({ begun, message: expect.stringContaining(String(status)) })
  expect(log.ready()).toBe(false)
})

test('it is ready again after a successful append, or after a while if the sink answers probes', async () => {
  let status = 503
  const { log } = await startSink((_request, response) => response.writeHead(status).end())
  await failure(log.append(topic, event()))
  status = 202
  await log.append(topic, event())
  expect(log.ready()).toBe(true)
  status = 503
  await failure(log.append(topic, event()))
  while (!log.ready()) await delay(10)
})

test('without a response in time the event may have been written; without a connection it was not', async () => {
  const { log } = await startSink(() => {}, { deadline: 100 })
  expect(await failure(log.append(topic, event()))).toMatchObject({
    name: 'LogUnavailable',
    begun: true,
    message: 'K_SINK did not answer: No answer in 100 ms',
  })
  const away = await open(1)
  expect(away.ready()).toBe(false)
  const error = await failure(away.append(topic, event()))
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: false })
})

test('an event may have been written when its connection breaks', async () => {
  const { log } = await startSink((request) => request.socket.destroy())
  expect(await failure(log.append(topic, event()))).toMatchObject({ begun: true })
})

test('an event that is too large for a KafkaSink is refused without sending it', async () => {
  let posts = 0
  const { log } = await startSink((_request, response) => {
    posts += 1
    response.writeHead(202).end()
  })
  const error = await failure(log.append(topic, event('a'.repeat(1_000_000))))
  expect(error).toBeInstanceOf(TooLarge)
  expect([posts, log.ready()]).toEqual([0, true])
  await log.append(topic, event('a'.repeat(990_000)))
})

test('an append to another topic than that of the sink is refused', async () => {
  const { log } = await startSink((_request, response) => response.writeHead(202).end())
  await expect(log.append('forms.validated', event())).rejects.toThrow(
    'Expected the topic forms.submitted of K_SINK, found "forms.validated"',
  )
})

test('it cannot be consumed, and the error names what can', async () => {
  const { log } = await startSink(() => {})
  await expect(log.consume()).rejects.toThrow('Expected KAFKA_BROKERS')
})

test('close waits for pending appends', async () => {
  const begun = Promise.withResolvers<() => void>()
  const { log } = await startSink((_request, response) =>
    begun.resolve(() => response.writeHead(202).end()),
  )
  const appended = log.append(topic, event())
  const answer = await begun.promise
  let closed = false
  const close = log.close().then(() => {
    closed = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(closed).toBe(false)
  answer()
  await Promise.all([appended, close])
})

test('it is ready before the first event if the sink exists, and the probe writes nothing', async () => {
  const written: unknown[] = []
  const { log } = await startSink((request, response) => {
    written.push(request.url)
    response.writeHead(202).end()
  })
  expect([log.ready(), written]).toEqual([true, []])
})

test('it is not ready, before and after an append, until the sink exists', async () => {
  const { log, server } = await startSink((_request, response) => response.writeHead(202).end(), {
    at: '/formstream/misspelled',
  })
  expect(log.ready()).toBe(false)
  expect(await failure(log.append(topic, event()))).toMatchObject({ begun: false })
  const probes = 3
  for (let n = 0; n < probes; n++) await once(server, 'request')
  expect(log.ready()).toBe(false)
  server.prependListener('request', (request) => {
    request.url = path
  })
  while (!log.ready()) await once(server, 'request').then(() => delay(5))
})

test.each([401, 403, 404, 405, 415, 429, 500, 503])(
  'it is not ready if the sink answers a probe with %d',
  async (status) => {
    const server = createServer((_request, response) => response.writeHead(status).end())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closing.push(() => server.close())
    const log = await open((server.address() as AddressInfo).port)
    expect(log.ready()).toBe(false)
  },
)
