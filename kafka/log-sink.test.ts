// The log by way of a sink, against a real HTTP server in the place of a KafkaSink.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { type FormEvent, toEvent } from './event.ts'
import { submissionSubmitted, submitted } from './events.ts'
import { LogUnavailable, TooLarge } from './log.ts'
import { SinkLog } from './log-sink.ts'
import { fromMessage } from './wire.ts'

const topic = submitted.name
const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const event = (text = 'a'): FormEvent =>
  toEvent(submissionSubmitted({ answers: { item1: text } }), {
    id: 's-1',
    source: '/forms/demo',
    subject: 's-1',
    time: '2026-01-02T03:04:05.000Z',
    form: 'demo',
  }) as FormEvent

/** The listener is asked for POSTs; a GET is answered as a KafkaSink does. */
async function given(listener: RequestListener, options: { deadline?: number } = {}) {
  const server = createServer((request, response) => {
    if (request.method === 'POST') listener(request, response)
    else response.writeHead(405).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { server, log: await open(port, options) }
}

async function open(port: number, options: { deadline?: number } = {}): Promise<SinkLog> {
  const url = `http://127.0.0.1:${port}/formstream/submitted`
  const log = await SinkLog.open({ url, topic, probeEvery: 20, failedFor: 100, ...options })
  closing.push(() => log.close())
  return log
}

const failure = (append: Promise<void>): Promise<unknown> =>
  append.then(
    () => 'no failure',
    (error) => error,
  )

test('an append is done once the sink has answered 2xx, and the event came as it was', async () => {
  const seen: unknown[] = []
  const { log } = await given((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      seen.push(fromMessage(request.headers, body).toJSON())
      response.writeHead(202).end()
    })
  })
  await log.append(topic, event('नमस्ते'))
  expect(seen).toEqual([event('नमस्ते').toJSON()])
})

test.each([
  [503, true],
  [500, true],
  [408, true],
  [404, false],
  [429, false],
  [400, false],
])('after %d the log is unavailable, begun: %s, and not ready', async (status, begun) => {
  const { log } = await given((_request, response) => response.writeHead(status).end())
  expect(log.ready()).toBe(true)
  const error = await failure(log.append(topic, event()))
  expect(error).toBeInstanceOf(LogUnavailable)
  expect(error).toMatchObject({ begun, message: expect.stringContaining(String(status)) })
  expect(log.ready()).toBe(false)
})

test('it is ready again after a success, or once a while has passed and the sink is there', async () => {
  let status = 503
  const { log } = await given((_request, response) => response.writeHead(status).end())
  await failure(log.append(topic, event()))
  status = 202
  await log.append(topic, event())
  expect(log.ready()).toBe(true)
  status = 503
  await failure(log.append(topic, event()))
  while (!log.ready()) await delay(10)
})

test('without an answer in time it may have been written; without a connection it was not', async () => {
  const { log } = await given(() => {}, { deadline: 100 })
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

test('a connection that breaks may have carried it', async () => {
  const { log } = await given((request) => request.socket.destroy())
  expect(await failure(log.append(topic, event()))).toMatchObject({ begun: true })
})

test('what a sink would answer with 503 for its size is refused before it is sent', async () => {
  let posts = 0
  const { log } = await given((_request, response) => {
    posts += 1
    response.writeHead(202).end()
  })
  const error = await failure(log.append(topic, event('a'.repeat(1_000_000))))
  expect(error).toBeInstanceOf(TooLarge)
  expect([posts, log.ready()]).toEqual([0, true])
  await log.append(topic, event('a'.repeat(990_000)))
})

test('another topic than the one of the sink is refused', async () => {
  const { log } = await given((_request, response) => response.writeHead(202).end())
  await expect(log.append('forms.validated', event())).rejects.toThrow(
    'Expected the topic forms.submitted of K_SINK, found "forms.validated"',
  )
})

test('it cannot be consumed, and says what can', async () => {
  const { log } = await given(() => {})
  await expect(log.consume()).rejects.toThrow('Expected KAFKA_BROKERS')
})

test('closing waits for the append under way', async () => {
  const begun = Promise.withResolvers<() => void>()
  const { log } = await given((_request, response) =>
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
