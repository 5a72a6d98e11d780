// The dead-letter sink over real HTTP, with a server that answers like a KafkaSink: it publishes any request.
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test } from '@jest/globals'
import type { FormEvent } from '#kafka/define-event.ts'
import { silent, submittedEvent, wireOf } from '#kit/events.fixture.ts'
import { readEvent } from '#kit/http/read-event.ts'
import type { AddToken } from '#kit/http/sender-token.ts'
import { buildServer } from './server.ts'
import { openSink } from './sink.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Published {
  event: FormEvent
  body: string
}

/** Accepts events of at most 1 MiB. `refuse`: the status for the n-th letter, or undefined to accept it. */
async function startKafkaSink(refuse: (n: number, event: FormEvent) => number | undefined) {
  const published: Published[] = []
  let asked = 0
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming)
    const answer = (status: number) => response.writeHead(status).end()
    if (body.length > 2 ** 20) return answer(503)
    try {
      const event = readEvent(incoming.headers, body)
      const status = refuse(++asked, event)
      if (status) return answer(status)
      published.push({ event, body: body.toString() })
      return answer(202)
    } catch {
      return answer(400)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closing.push(
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { published, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

async function startSink(
  refuse: Parameters<typeof startKafkaSink>[0] = () => undefined,
  timeLimit = 2000,
) {
  const { published, url } = await startKafkaSink(refuse)
  const counts = { event: 0, unreadable: 0 }
  const count = (kind: keyof typeof counts) => {
    counts[kind] += 1
  }
  const sink = openSink({ url, log: silent, count, timeLimit, pause: 5 })
  const app = buildServer(sink)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  closing.push(() => app.close(), sink.close)
  const ready = async () => {
    const { statusCode, body } = await app.inject('/health/readiness')
    return [statusCode, (JSON.parse(body) as { problem?: string }).problem]
  }
  return { published, counts, address, post: postTo(address), ready, waiting: sink.waiting }
}

const postTo =
  (address: string) =>
  (headers: Record<string, string>, body: string | Buffer = ''): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(address, { method: 'POST', headers }, (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode))
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })

const why = {
  'ce-knativeerrordest': 'http://slang.formstream.svc.cluster.local/',
  'ce-knativeerrorcode': '422',
  'ce-knativeerrordata': Buffer.from('no').toString('base64'),
}
const wire = wireOf(submittedEvent())
const structured = { 'content-type': 'application/cloudevents+json' }

test('an event is published unchanged, to the digit, with the error extensions', async () => {
  const { post, published, counts } = await startSink()
  const body = '{"answers":{"item1":12345678901234567890,"item2":1e25}}'
  expect(await post({ ...wire.headers, ...why }, body)).toBe(202)
  expect(published).toEqual([{ event: expect.anything(), body }])
  expect(published[0]?.event).toMatchObject({
    id: 's-1',
    form: 'demo',
    knativeerrordest: why['ce-knativeerrordest'],
    knativeerrorcode: '422',
    knativeerrordata: why['ce-knativeerrordata'],
  })
  expect(counts).toEqual({ event: 1, unreadable: 0 })
})

test("a letter is sent with the sender's token", async () => {
  const seen = Promise.withResolvers<string | undefined>()
  const server = createServer((incoming, response) => {
    seen.resolve(incoming.headers.authorization)
    response.writeHead(202).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const addToken: AddToken = async ({ headers, body }) => ({
    headers: { ...headers, authorization: 'Bearer a' },
    body,
  })
  const sink = openSink({ url, log: silent, count: () => {}, addToken })
  closing.push(
    sink.close,
    () => server.closeAllConnections(),
    () => server.close(),
  )
  expect(await sink.publish({ headers: wire.headers, body: wire.body })).toBe(true)
  expect(await seen.promise).toBe('Bearer a')
})

const odd: [what: string, headers: Record<string, string>, body: string | Buffer][] = [
  ['a structured event that is no JSON', { ...wire.headers, ...why, ...structured }, 'no JSON'],
  ['nothing', {}, ''],
  ['nothing but why', why, ''],
  ['a body without a type', why, 'text'],
  ['an invalid type', { ...why, 'content-type': 'a b/;;=' }, 'text'],
  ['an empty type', { ...wire.headers, ...why, 'content-type': '' }, '{'],
  ['data that is no JSON', { ...wire.headers, ...why }, '{'],
  ['a batch', { ...why, 'content-type': 'application/cloudevents-batch+json' }, '[]'],
  ['bytes', { ...wire.headers, ...why }, Buffer.from([0xff, 0x00, 0xe9])],
  ['another charset', { ...why, 'content-type': 'application/json; charset=iso-8859-1' }, '{}'],
  ['a name with a dash', { ...wire.headers, ...why, 'ce-a-b': 'x' }, wire.body],
  ['another version', { ...wire.headers, ...why, 'ce-specversion': '9' }, wire.body],
  ['no time', { ...wire.headers, ...why, 'ce-time': '' }, wire.body],
  ['20 KB of headers', { ...wire.headers, ...why, 'ce-a': 'x'.repeat(20_000) }, wire.body],
  ['3 MB', { ...wire.headers, ...why }, Buffer.alloc(3e6, 'x')],
  ['1.5 MB of escapes', { ...wire.headers, ...why }, `"${'\\u0905'.repeat(250_000)}"`],
  ['1.3 MB of spaces', { ...wire.headers, ...why }, `[${' '.repeat(1.3e6)}]`],
  ['3 MB of bytes', { ...wire.headers, ...why }, Buffer.alloc(3e6, 0xff)],
]

test.each(odd)('%s is published as an unreadable record', async (_, headers, body) => {
  const { post, published, counts } = await startSink()
  expect(await post(headers, body)).toBe(202)
  expect(published.map(({ event }) => event.type)).toEqual(['formstream.record.unreadable'])
  const data = published[0]?.event.data as Record<string, unknown>
  expect(data).toMatchObject({ why: expect.stringMatching(/^Expected /), length: body.length })
  const kept = Buffer.from(String(data.body), data.encoding as BufferEncoding)
  expect(Buffer.from(body).subarray(0, kept.length).equals(kept)).toBe(true)
  expect(data.complete).toBe(kept.length === body.length)
  if (headers['ce-knativeerrordest']) {
    expect(published[0]?.event.knativeerrordest).toBe(why['ce-knativeerrordest'])
  }
  expect(counts).toEqual({ event: 0, unreadable: 1 })
})

test('while the KafkaSink fails it retries, and answers 202 once the letter is written', async () => {
  const { post, published } = await startSink((n) => (n <= 3 ? 503 : undefined))
  expect(await post({ ...wire.headers, ...why }, wire.body)).toBe(202)
  expect(published).toHaveLength(1)
})

test('if the KafkaSink keeps failing, the answer is 503, so that the dispatcher sends the letter again', async () => {
  const { post, published, counts } = await startSink(() => 503, 20)
  expect(await post({ ...wire.headers, ...why }, wire.body)).toBe(503)
  expect([published, counts]).toEqual([[], { event: 0, unreadable: 0 }])
})

test.each([400, 415])(
  'an event that the KafkaSink refuses with %i is published as an unreadable record',
  async (status) => {
    const { post, published } = await startSink((_, { type }) =>
      type === 'formstream.record.unreadable' ? undefined : status,
    )
    expect(await post({ ...wire.headers, ...why }, wire.body)).toBe(202)
    expect(published[0]?.event.data).toMatchObject({
      why: 'Expected an event that a KafkaSink takes',
      body: wire.body,
      complete: true,
    })
  },
)
test('while letters cannot be written, readiness fails with the reason and their number, then recovers', async () => {
  let away = true
  const { post, published, ready, waiting } = await startSink(() => (away ? 503 : undefined))
  const posts = [1, 2, 3].map((n) => post({ ...wire.headers, ...why, 'ce-id': `${n}` }, wire.body))
  while (waiting() < 3) await new Promise((resolve) => setImmediate(resolve))
  expect(await ready()).toEqual([
    503,
    'dead letters cannot be written: The KafkaSink of the dead letters answered 503; 3 wait',
  ])
  away = false
  expect(await Promise.all(posts)).toEqual([202, 202, 202])
  expect([published.length, waiting(), await ready()]).toEqual([3, 0, [200, undefined]])
})

test('a letter that is returned to the dispatcher does not make the sink unready', async () => {
  const { post, ready } = await startSink(() => 503, 20)
  expect(await post({ ...wire.headers, ...why }, wire.body)).toBe(503)
  expect(await ready()).toEqual([200, undefined])
})

test('a letter that is too large for the KafkaSink is cut until it fits', async () => {
  const { post, published } = await startSink((_, event) =>
    JSON.stringify(event).length > 20_000 ? 413 : undefined,
  )
  expect(await post({ ...wire.headers, ...why }, JSON.stringify('x'.repeat(500_000)))).toBe(202)
  expect(published[0]?.event.data).toMatchObject({ complete: false, length: 500_002 })
})

test('without K_SINK readiness fails with the reason', async () => {
  const sink = openSink({ url: undefined, log: silent, count: () => {} })
  const app = buildServer(sink)
  const { statusCode, body } = await app.inject('/health/readiness')
  expect([statusCode, body]).toEqual([503, expect.stringContaining('K_SINK is not set')])
  expect((await app.inject('/health/liveness')).statusCode).toBe(200)
  expect((await app.inject({ method: 'POST', url: '/' })).statusCode).toBe(503)
})
