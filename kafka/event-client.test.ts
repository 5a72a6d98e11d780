// Uses a real HTTP server.
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { until } from '../test/until.ts'
import { EventClient, NoResponse } from './event-client.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** Counts the connections, and the requests by their body. */
async function start(listener: RequestListener, { connections = 2 } = {}) {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    bodies.push(body)
    listener(request, response)
  })
  let opened = 0
  server.on('connection', () => {
    opened += 1
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const client = new EventClient(`http://127.0.0.1:${port}/events`, connections)
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => client.close(),
  )
  const post = (body: string, deadline = 5000, headers = {}) =>
    client.post({ headers, body }, deadline)
  return { client, post, bodies, opened: () => opened }
}

const failure = (posted: Promise<unknown>): Promise<NoResponse> =>
  posted.then(
    () => Promise.reject(new Error('Expected no response')),
    (error) => error,
  )

test('a response has its status, headers and body', async () => {
  const { post } = await start((_, response) => response.writeHead(418, { a: 'b' }).end('tea'))
  expect(await post('x')).toMatchObject({ status: 418, headers: { a: 'b' }, body: 'tea' })
})

test('no more connections than allowed are opened, and all requests are answered', async () => {
  const { post, bodies, opened } = await start((_, response) => response.writeHead(204).end())
  await Promise.all(Array.from({ length: 50 }, (_, n) => post(`${n}`)))
  expect(bodies).toHaveLength(50)
  expect(opened()).toBeLessThanOrEqual(2)
})

test('headers that HTTP cannot carry are refused, and cost no connection', async () => {
  const { post } = await start((_, response) => response.writeHead(204).end())
  for (let n = 0; n < 4; n++) {
    const error = await failure(post('x', 5000, { 'content-type': 'a→b' }))
    expect([error instanceof NoResponse, error.begun]).toEqual([true, false])
  }
  expect((await post('x')).status).toBe(204)
})

test('a request that was late while it waited is not sent any more', async () => {
  const hanging: (() => void)[] = []
  const { post, bodies, opened } = await start((_, response) => {
    if (bodies.length <= 2) hanging.push(() => response.writeHead(204).end())
    else response.writeHead(204).end()
  })
  const first = [post('a'), post('b')]
  const late = await Promise.all(Array.from({ length: 20 }, () => failure(post('late', 20))))
  expect(late.every(({ begun }) => !begun)).toBe(true)
  await until(() => hanging.length === 2)
  for (const answer of hanging) answer()
  await Promise.all(first)
  await post('after')
  expect(bodies.toSorted()).toEqual(['a', 'after', 'b'])
  expect(opened()).toBe(2)
})

test('a request that is late while it is answered may have arrived', async () => {
  const { post } = await start(() => {}, { connections: 1 })
  const error = await failure(post('a', 50))
  expect(error).toMatchObject({ begun: true, message: 'No answer in 50 ms' })
})

test('without a server nothing has arrived', async () => {
  const client = new EventClient('http://127.0.0.1:1/', 1)
  closing.push(() => client.close())
  expect(await failure(client.post({ headers: {}, body: 'a' }, 5000))).toMatchObject({
    begun: false,
  })
})

test('close rejects the requests in flight and those that wait', async () => {
  const { client, post, bodies } = await start(() => {}, { connections: 1 })
  const posted = [failure(post('a')), failure(post('b'))]
  await until(() => bodies.length > 0)
  await client.close()
  expect(await Promise.all(posted)).toMatchObject([{ begun: true }, { begun: false }])
})
