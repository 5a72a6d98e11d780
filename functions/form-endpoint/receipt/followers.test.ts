// The stream of a receipt: changes as they come, an end when everything is done, and a limit.
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterEach, expect, test } from '@jest/globals'
import Fastify, { type FastifyInstance } from 'fastify'
import { Followers, type Update } from './followers.ts'
import type { Receipt } from './receipt.ts'

const closing: FastifyInstance[] = []
afterEach(async () => {
  for (const app of closing.splice(0)) await app.close()
})

const update = (status: Receipt['status'], html = '<p>\n</p>'): Update => ({
  receipt: { id: 'a', status, steps: [] },
  html,
})

/** `read` is called again and again by each stream. */
async function serve(
  read: () => Promise<Update>,
  limits: ConstructorParameters<typeof Followers>[0],
) {
  const followers = new Followers({ interval: 1, ...limits })
  const app = Fastify()
  closing.push(app)
  app.get('/', async (_request, reply) => followers.follow(reply, read))
  app.addHook('preClose', async () => followers.close())
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

const event = (status: string, html = '<p>\n</p>') =>
  `event: receipt\ndata: ${JSON.stringify({ status, html })}\n\n`

test('whoever has gone before the stream begins takes no place', async () => {
  const followers = new Followers({ interval: 1, max: 1 })
  const app = Fastify()
  closing.push(app)
  const gone = Promise.withResolvers<void>()
  app.get('/gone', async (_request, reply) => {
    await once(reply.raw, 'close')
    followers.follow(reply, async () => update('processing'))
    gone.resolve()
    return reply
  })
  app.get('/', async (_request, reply) => followers.follow(reply, async () => update('done')))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const leaving = request(`${url}/gone`)
    .on('error', () => {})
    .end()
  await once(app.server, 'request')
  leaving.destroy()
  await gone.promise
  expect((await fetch(url)).status).toBe(200)
  await followers.close()
})

test('a stream sends each change once, and ends when everything is done', async () => {
  const updates = [...Array(3).fill(update('processing')), update('failed'), update('done')]
  let n = 0
  const { url } = await serve(async () => updates[Math.min(n++, 4)] as Update, {})
  const response = await fetch(url)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.text()).toBe(
    `${event('processing')}${event('failed')}${event('done')}event: finished\ndata:\n\n`,
  )
})

test('a quiet stream gives signs of life', async () => {
  const { url } = await serve(async () => update('processing'), { heartbeat: 0 })
  const sent = request(url, { agent: false }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response) {
    text += chunk
    if (text.endsWith(': \n\n')) break
  }
  expect(text.startsWith(event('processing'))).toBe(true)
})

test('a stream ends when its time is over', async () => {
  const { url } = await serve(async () => update('processing'), { lifetime: 1 })
  const response = await fetch(url)
  expect(response.status).toBe(200)
  await response.text()
})

test('past the limit a stream is refused; one that ends makes room', async () => {
  const { url } = await serve(async () => update('processing'), { max: 1 })
  /** With a connection of its own: fetch opens another one after a request that was aborted. */
  async function open(): Promise<{ status: number | undefined; leave: () => void }> {
    const sent = request(url, { agent: false }).end()
    const [{ statusCode }] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: statusCode, leave: () => void sent.destroy() }
  }
  const first = await open()
  const second = await open()
  expect([first.status, second.status]).toEqual([200, 500])
  second.leave()
  first.leave()
  let next = await open()
  while (next.status !== 200) {
    next.leave()
    next = await open()
  }
  next.leave()
})

test('closing the server ends the streams', async () => {
  const { app, url } = await serve(async () => update('processing'), {})
  const response = await fetch(url)
  await app.close()
  expect(await response.text()).toContain('event: receipt')
})

test('a status that cannot be read ends the stream', async () => {
  let n = 0
  const { url } = await serve(async () => {
    if (n++ > 0) throw new Error('disk')
    return update('processing')
  }, {})
  expect(await (await fetch(url)).text()).toBe(event('processing'))
})
