// Publishing to a real HTTP server: an event is published once the sink has answered 2xx.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from '@jest/globals'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionValidated } from '#kafka/events.ts'
import { Rejected, RetryLater } from './errors.ts'
import { eventOf, submittedEvent } from './events.fixture.ts'
import { readEvent } from './http/read-event.ts'
import type { AddToken } from './http/sender-token.ts'
import { publisher } from './publish.ts'

const opened: (() => void)[] = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

async function startSink(
  listener: RequestListener,
  addToken?: AddToken,
): Promise<{ publish: (event: FormEvent) => Promise<void>; server: Server }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sink = publisher(
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/topics/a`,
    addToken,
  )
  opened.push(() => {
    sink.close()
    server.closeAllConnections()
    server.close()
  })
  return { publish: sink.publish, server }
}

test('an event arrives in binary mode at the path of the sink', async () => {
  const seen: { request: IncomingMessage; body: string }[] = []
  const { publish } = await startSink(async (request, response) => {
    seen.push({ request, body: await text(request) })
    response.writeHead(202).end()
  })
  const event = eventOf(
    submissionValidated({ version: 'v', answers: { item1: 'नमस्ते' } }),
  ) as FormEvent
  await publish(event)
  const [{ request, body } = { request: undefined, body: '' }] = seen
  expect([request?.method, request?.url]).toEqual(['POST', '/topics/a'])
  expect(readEvent(request?.headers ?? {}, body)).toEqual(event)
})

test("the sender's token is added to the request", async () => {
  const seen: (string | undefined)[] = []
  const { publish } = await startSink(
    (request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(202).end()
    },
    async ({ headers, body }) => ({ headers: { ...headers, authorization: 'Bearer a' }, body }),
  )
  await publish(submittedEvent())
  expect(seen).toEqual(['Bearer a'])
})

test('publish resolves after the response, not before', async () => {
  const [arrived, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { publish } = await startSink(async (_request, response) => {
    arrived.resolve()
    await answered.promise
    response.writeHead(200).end('{"a longer answer":true}')
  })
  let done = false
  const published = publish(submittedEvent()).then(() => {
    done = true
  })
  await arrived.promise
  await new Promise((resolve) => setImmediate(resolve))
  expect(done).toBe(false)
  answered.resolve()
  await published
})

test.each([301, 400, 404, 413, 429, 431, 500, 503])(
  'the status %d is a failure',
  async (status) => {
    const { publish } = await startSink((_request, response) =>
      response.writeHead(status, { location: '/elsewhere' }).end('no'),
    )
    await expect(publish(submittedEvent())).rejects.toThrow(
      new RegExp(`^Expected http://127.0.0.1:\\d+/topics/a to answer 2xx, found ${status}$`),
    )
  },
)

test('a connection that closes without a response is a failure', async () => {
  const { publish } = await startSink((request) => request.socket.destroy())
  await expect(publish(submittedEvent())).rejects.toThrow(/socket hang up|ECONNRESET/)
})

test('a response that ends in the middle is a failure', async () => {
  const { publish } = await startSink((request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('half', () => request.socket.end())
  })
  await expect(publish(submittedEvent())).rejects.toThrow(/aborted/)
})

test('an unreachable sink is a failure, and it is used again once it is back', async () => {
  let up = false
  const { publish } = await startSink((request, response) =>
    up ? response.writeHead(202).end() : request.socket.destroy(),
  )
  await expect(publish(submittedEvent())).rejects.toThrow()
  up = true
  await publish(submittedEvent())
  const gone = publisher('http://127.0.0.1:1/topics/a')
  await expect(gone.publish(submittedEvent())).rejects.toThrow(/ECONNREFUSED/)
  gone.close()
})

test('many events at once share a bounded number of connections', async () => {
  const connections = new Set<unknown>()
  let answered = 0
  const { publish, server } = await startSink(async (request, response) => {
    await text(request)
    response.writeHead(202).end()
    answered += 1
  })
  server.on('connection', (socket) => connections.add(socket))
  await Promise.all(Array.from({ length: 300 }, (_, n) => publish(submittedEvent({ id: `${n}` }))))
  expect(answered).toBe(300)
  expect(connections.size).toBeLessThanOrEqual(64)
})

test('a response that is reset in the middle fails the publication and raises no other error', async () => {
  const { publish } = await startSink((_request, response) => {
    response.writeHead(202, { 'content-length': 10 }).write('half')
    response.socket?.resetAndDestroy()
  })
  const faults: Error[] = []
  const note = (error: Error) => faults.push(error)
  process.on('uncaughtException', note)
  await expect(publish(submittedEvent())).rejects.toThrow()
  await new Promise((resolve) => setImmediate(resolve))
  process.off('uncaughtException', note)
  expect(faults).toEqual([])
})

test('without a sink publishing fails, and the problem names the missing variable', async () => {
  const { publish, problem } = publisher(undefined)
  expect(problem).toBe('K_SINK is not set: a SinkBinding sets it')
  await expect(publish(submittedEvent())).rejects.toThrow(RetryLater)
})

test.each([400, 413, 431])('an event that the sink refuses with %d is rejected', async (status) => {
  const { publish } = await startSink((_request, response) => response.writeHead(status).end())
  await expect(publish(submittedEvent())).rejects.toThrow(Rejected)
})
