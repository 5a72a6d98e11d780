// What comes over a bare connection: each request is read one way, in time, or refused with a problem; the connection never hangs.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setInterval as every } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { safeHeaders } from '#kit/http/safe-headers.ts'
import { makeApp } from '../functions/form-endpoint/app.fixture.ts'
import { exchange, rawConnect, readToEnd, toAnswer } from './raw.ts'

async function listening(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

const quick = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 }
const body = '{"item1":"a"}'
const head = 'POST /forms/demo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
const ending = 'Connection: close\r\n'
const length = `Content-Length: ${body.length}\r\n`

const unfinished: [what: string, message: string][] = [
  ['nothing at all', ''],
  ['a line without an end', 'POST /forms/demo HT'],
  ['headers without an end', `${head}X-A: `],
  ['no body', `${head}${length}\r\n`],
  ['half a body', `${head}${length}\r\n{"ite`],
  ['half a chunk', `${head}Transfer-Encoding: chunked\r\n\r\nff\r\n{`],
]

test.each(unfinished)(
  'who sends %s is answered with 408, and the connection ends',
  async (_, message) => {
    const { app, appended } = await makeApp({ timeouts: quick })
    const answer = toAnswer(await exchange(await listening(app), message))
    expect([answer.status, answer.headers]).toEqual([
      408,
      expect.objectContaining({ 'content-type': 'application/problem+json', ...safeHeaders }),
    ])
    expect(JSON.parse(answer.body)).toMatchObject({ status: 408, title: 'Request Timeout' })
    expect(appended).toEqual([])
  },
)

test.each(['headers', 'a body'])('%s of a byte at a time end as soon', async (part) => {
  const { app, appended } = await makeApp({ timeouts: quick })
  const socket = rawConnect(await listening(app))
  const closed = once(socket, 'close')
  socket.write(part === 'headers' ? `${head}X: ` : `${head}Content-Length: 9999\r\n\r\n`)
  const dripping = (async () => {
    for await (const _ of every(20)) {
      if (socket.destroyed) return
      socket.write('a')
    }
  })()
  expect(toAnswer(await readToEnd(socket)).status).toBe(408)
  await Promise.all([closed, dripping])
  expect(appended).toEqual([])
})

test('a slow honest client gets its 202', async () => {
  const { app, appended } = await makeApp({ timeouts: quick })
  const socket = rawConnect(await listening(app))
  socket.write(`${head}${ending}${length}\r\n`)
  let sent = 0
  for await (const _ of every(20)) {
    socket.write(body.charAt(sent++))
    if (sent === body.length) break
  }
  expect(toAnswer(await readToEnd(socket)).status).toBe(202)
  expect(appended).toHaveLength(1)
})

test('a connection without a next request ends', async () => {
  const { app } = await makeApp({ timeouts: { keepAliveTimeout: 100 } })
  const answer = await exchange(await listening(app), `${head}${length}\r\n${body}`)
  expect(toAnswer(answer).status).toBe(202)
})

test('who ends its side after the request still gets the answer', async () => {
  const stored = Promise.withResolvers<void>()
  const { app, appended } = await makeApp({ append: () => stored.promise })
  const socket = rawConnect(await listening(app))
  socket.end(`${head}${length}\r\n${body}`)
  const answer = readToEnd(socket)
  await once(app.server, 'request')
  while (appended.length === 0) await new Promise(setImmediate)
  stored.resolve()
  expect(toAnswer(await answer).status).toBe(202)
})

test('who ends its side within the request is told, and nothing is stored', async () => {
  const { app, appended } = await makeApp()
  const socket = rawConnect(await listening(app))
  socket.end(`${head}${length}\r\n{"ite`)
  expect(toAnswer(await readToEnd(socket)).status).toBe(400)
  expect(appended).toEqual([])
})

test('what follows a submission and is no HTTP is answered after it', async () => {
  const stored = Promise.withResolvers<void>()
  const { app, appended } = await makeApp({ append: () => stored.promise })
  const answers = exchange(await listening(app), `${head}${length}\r\n${body}nonsense\r\n\r\n`)
  while (appended.length === 0) await new Promise(setImmediate)
  stored.resolve()
  expect((await answers).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 400'])
})

const twice = (header: string) => `${head}${ending}${length}${header}\r\n\r\n${body}`
const coded = (coding: string) =>
  `${head}${ending}Transfer-Encoding: ${coding}\r\n\r\nd\r\n${body}\r\n0\r\n\r\n`

const ambiguous: [what: string, message: string][] = [
  ['two hosts', twice('Host: b')],
  ['the same host twice', twice('host: a')],
  ['two content types', twice('Content-Type: application/json')],
  ['two lengths', twice('Content-Length: 12')],
  ['the same length twice', twice(length.trim())],
  ['a length and chunks', twice('Transfer-Encoding: chunked')],
  ['two keys', twice('Idempotency-Key: a\r\nIdempotency-Key: b')],
  ['the same key twice', twice('Idempotency-Key: a\r\nIdempotency-Key: a')],
  ['TE: identity, chunked', twice('TE: identity, chunked')],
  ...['identity, chunked', 'chunked, chunked', 'gzip, chunked', 'chunked, identity', 'x'].map(
    (coding): [string, string] => [`Transfer-Encoding: ${coding}`, coded(coding)],
  ),
  ['two transfer encodings', coded('chunked\r\nTransfer-Encoding: chunked')],
  ['chunks in HTTP/1.0', coded('chunked').replace('HTTP/1.1', 'HTTP/1.0')],
  ['no host', `POST /forms/demo HTTP/1.1\r\n${ending}${length}\r\n${body}`],
  ['no lengths that are numbers', `${head}Content-Length: 1x\r\n\r\n${body}`],
  ['a blank before the colon', `${head}Content-Length : 13\r\n\r\n${body}`],
  ['a folded header', `${head}${length}X: a\r\n b\r\n\r\n${body}`],
  ['bare line feeds', `${head}${length}\r\n${body}`.replaceAll('\r\n', '\n')],
]

test.each(ambiguous)('a request with %s is refused, and nothing is stored', async (_, message) => {
  const { app, appended } = await makeApp()
  const answer = toAnswer(await exchange(await listening(app), message))
  expect([answer.status, answer.headers]).toEqual([
    400,
    expect.objectContaining({
      'content-type': expect.stringMatching(/^application\/problem\+json/),
      connection: 'close',
      ...safeHeaders,
    }),
  ])
  expect(JSON.parse(answer.body).detail).toMatch(/^Expected /)
  expect(appended).toEqual([])
})

const last = `Host: a\r\n${ending}\r\n`
const odd: [what: string, message: string, status: number][] = [
  ['an Expect that nobody knows', twice('Expect: tea'), 417],
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', 405],
  [
    'an upgrade to WebSocket',
    `GET /health/liveness HTTP/1.1\r\nUpgrade: websocket\r\n${last}`,
    200,
  ],
  ['an upgrade to HTTP/2', twice('Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'), 202],
  ['HTTP/1.0', 'GET /health/liveness HTTP/1.0\r\n\r\n', 200],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${last}`, 404],
  ['a method in small letters', `post /forms/demo HTTP/1.1\r\n${last}`, 400],
  ['TRACE', `TRACE /health/liveness HTTP/1.1\r\n${last}`, 405],
  ['a method of WebDAV', `PROPFIND /forms/demo HTTP/1.1\r\n${last}`, 405],
  ['an absolute address', `GET http://a/health/liveness HTTP/1.1\r\n${last}`, 200],
  ['an id of 201 characters', `GET /forms/${'a'.repeat(201)}/schema.json HTTP/1.1\r\n${last}`, 404],
  ['an address that is no UTF-8', `GET /%E0%A4%A HTTP/1.1\r\n${last}`, 400],
  ['an address of 20,000 bytes', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${last}`, 431],
  [
    'chunks with extensions and trailers',
    coded('chunked')
      .replace('\r\nd\r\n', '\r\nd;a="b"\r\n')
      .replace('0\r\n', '0\r\nIdempotency-Key: a\r\n'),
    202,
  ],
]

test.each(odd)('%s gets a sane answer', async (_, message, status) => {
  const { app } = await makeApp()
  const answer = toAnswer(await exchange(await listening(app), message))
  expect([answer.status, answer.headers]).toEqual([status, expect.objectContaining(safeHeaders)])
  if (status >= 400) expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  if (status === 405) expect(answer.headers.allow).toMatch(/GET|POST/)
})
