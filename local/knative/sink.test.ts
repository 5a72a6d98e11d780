import { expect, test } from '@jest/globals'
import type { KeyedMessage } from '#kafka/binary-mode.ts'
import { type Log, LogUnavailable } from '#kafka/log/port.ts'
import { submittedEvent, wireOf } from '#kit/events.fixture.ts'
import { readRecord } from '#kit/http/read-event.ts'
import { buildSink } from './sink.ts'

function makeSink(append: () => Promise<void> = async () => {}) {
  const appended: [topic: string, message: KeyedMessage][] = []
  const log: Log = {
    append(topic, message) {
      appended.push([topic, message])
      return append()
    },
    consume: () => Promise.reject(new Error('Expected no consumer')),
    ready: () => true,
    close: async () => {},
  }
  const app = buildSink(log, new Set(['forms.validated']))
  const post = (url: string, headers: Record<string, string>, payload: string) =>
    app.inject({ method: 'POST', url, headers, payload })
  return { appended, post }
}

const event = submittedEvent()
const { headers, body } = wireOf(event)
const topic = '/topics/forms.validated'

test('an event gets 202 once it is durable in the topic of the path', async () => {
  const [begun, durable] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { post, appended } = makeSink(() => {
    begun.resolve()
    return durable.promise
  })
  let answered = false
  const answer = post(topic, headers, body).finally(() => {
    answered = true
  })
  await begun.promise
  await new Promise((resolve) => setImmediate(resolve))
  expect(answered).toBe(false)
  durable.resolve()
  expect((await answer).statusCode).toBe(202)
  expect(appended).toMatchObject([['forms.validated', { body, key: 's-1' }]])
  expect(readRecord(appended[0]![1])).toEqual(event)
})

test('structured mode is accepted too', async () => {
  const { post, appended } = makeSink()
  const type = { 'content-type': 'application/cloudevents+json; charset=utf-8' }
  expect((await post(topic, type, JSON.stringify(event))).statusCode).toBe(202)
  expect(readRecord(appended[0]![1])).toEqual(event)
})

test('an invalid event gets 400 and an unknown topic 404, and nothing is appended', async () => {
  const { post, appended } = makeSink()
  expect((await post(topic, { 'content-type': 'application/json' }, '{}')).statusCode).toBe(400)
  const batch = { 'content-type': 'application/cloudevents-batch+json' }
  expect((await post(topic, batch, '[]')).statusCode).toBe(400)
  for (const unknown of ['forms.unknown', 'constructor', '..%2fx']) {
    expect((await post(`/topics/${unknown}`, headers, body)).statusCode).toBe(404)
  }
  expect(appended).toEqual([])
})

test('data that is nested too deeply to be serialised again gets 400 in structured mode, and is kept as it is in binary mode', async () => {
  const { post, appended } = makeSink()
  const data = '['.repeat(100_000) + ']'.repeat(100_000)
  const whole = JSON.stringify({ ...event, data: 'DATA' }).replace('"DATA"', data)
  const type = { 'content-type': 'application/cloudevents+json' }
  expect((await post(topic, type, whole)).statusCode).toBe(400)
  expect(appended).toEqual([])
  // The task that receives it refuses it, and its dead letter keeps the text.
  expect((await post(topic, headers, data)).statusCode).toBe(202)
  expect(appended.map(([, message]) => message.body)).toEqual([data])
})

test('an event gets 503 while the log is unavailable, and 413 above 1 MiB', async () => {
  const { post } = makeSink(() => Promise.reject(new LogUnavailable('away', { begun: true })))
  expect((await post(topic, headers, body)).statusCode).toBe(503)
  const large = JSON.stringify({ answers: { a: 'a'.repeat(2 ** 20) } })
  expect((await post(topic, headers, large)).statusCode).toBe(413)
})
