// Incomplete, slow, ambiguous and unusual HTTP requests to the endpoint, sent as bytes over a plain connection.
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
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

const shortTimeouts = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 }
const body = '{"item1":"a"}'
const head = 'POST /forms/demo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
const close = 'Connection: close\r\n'
const length = `Content-Length: ${body.length}\r\n`

const unfinished: [what: string, message: string][] = [
  ['nothing', ''],
  ['half a request line', 'POST /forms/demo HT'],
  ['half a header', `${head}X-A: `],
  ['no body', `${head}${length}\r\n`],
  ['half a body', `${head}${length}\r\n{"ite`],
  ['half a chunk', `${head}Transfer-Encoding: chunked\r\n\r\nff\r\n{`],
]

test.each(unfinished)(
  'a client that sends only %s gets 408, and the connection is closed',
  async (_, message) => {
    const { app, appended } = await makeApp({ timeouts: shortTimeouts })
    const answer = toAnswer(await exchange(await listening(app), message))
    expect([answer.status, answer.headers]).toEqual([
      408,
      expect.objectContaining({ 'content-type': 'application/problem+json', ...safeHeaders }),
    ])
    expect(JSON.parse(answer.body)).toMatchObject({ status: 408, title: 'Request Timeout' })
    expect(appended).toEqual([])
  },
)

test.each(['headers', 'body bytes'])(
  '%s sent one byte at a time get 408 as soon as a client that stops sending',
  async (part) => {
    const { app, appended } = await makeApp({ timeouts: shortTimeouts })
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
  },
)

test('a slow client that finishes within the time limit gets 202', async () => {
  const { app, appended } = await makeApp({ timeouts: shortTimeouts })
  const socket = rawConnect(await listening(app))
  socket.write(`${head}${close}${length}\r\n`)
  let sent = 0
  for await (const _ of every(20)) {
    socket.write(body.charAt(sent++))
    if (sent === body.length) break
  }
  expect(toAnswer(await readToEnd(socket)).status).toBe(202)
  expect(appended).toHaveLength(1)
})

test('an idle keep-alive connection is closed', async () => {
  const { app } = await makeApp({ timeouts: { keepAliveTimeout: 100 } })
  const answer = await exchange(await listening(app), `${head}${length}\r\n${body}`)
  expect(toAnswer(answer).status).toBe(202)
})

test('a client that ends its side of the connection after its request still gets the answer', async () => {
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

test('a client that ends its side within its request gets 400, and nothing is stored', async () => {
  const { app, appended } = await makeApp()
  const socket = rawConnect(await listening(app))
  socket.end(`${head}${length}\r\n{"ite`)
  expect(toAnswer(await readToEnd(socket)).status).toBe(400)
  expect(appended).toEqual([])
})

test('bytes after a submission that are not HTTP get 400, after the answer to the submission', async () => {
  const stored = Promise.withResolvers<void>()
  const { app, appended } = await makeApp({ append: () => stored.promise })
  const answers = exchange(await listening(app), `${head}${length}\r\n${body}nonsense\r\n\r\n`)
  while (appended.length === 0) await new Promise(setImmediate)
  stored.resolve()
  expect((await answers).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 400'])
})

const withHeader = (header: string) => `${head}${close}${length}${header}\r\n\r\n${body}`
const chunked = (coding: string) =>
  `${head}${close}Transfer-Encoding: ${coding}\r\n\r\nd\r\n${body}\r\n0\r\n\r\n`

const ambiguous: [what: string, message: string][] = [
  ['two Host headers', withHeader('Host: b')],
  ['the same Host header twice', withHeader('host: a')],
  ['two content types', withHeader('Content-Type: application/json')],
  ['two lengths', withHeader('Content-Length: 12')],
  ['the same length twice', withHeader(length.trim())],
  ['a length and chunks', withHeader('Transfer-Encoding: chunked')],
  ['two idempotency keys', withHeader('Idempotency-Key: a\r\nIdempotency-Key: b')],
  ['the same idempotency key twice', withHeader('Idempotency-Key: a\r\nIdempotency-Key: a')],
  ['TE: identity, chunked', withHeader('TE: identity, chunked')],
  ...['identity, chunked', 'chunked, chunked', 'gzip, chunked', 'chunked, identity', 'x'].map(
    (coding): [string, string] => [`Transfer-Encoding: ${coding}`, chunked(coding)],
  ),
  ['two transfer encodings', chunked('chunked\r\nTransfer-Encoding: chunked')],
  ['chunks in HTTP/1.0', chunked('chunked').replace('HTTP/1.1', 'HTTP/1.0')],
  ...['HTTP/0.9', 'HTTP/2.0'].map((version): [string, string] => [
    `the version ${version}`,
    `${head}${length}\r\n${body}`.replace('HTTP/1.1', version),
  ]),
  ['no Host header', `POST /forms/demo HTTP/1.1\r\n${close}${length}\r\n${body}`],
  ['a length that is not a number', `${head}Content-Length: 1x\r\n\r\n${body}`],
  ['a space before the colon of a header', `${head}Content-Length : 13\r\n\r\n${body}`],
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

const endOfHead = `Host: a\r\n${close}\r\n`
const unusual: [what: string, message: string, status: number][] = [
  ['an unknown Expect', withHeader('Expect: tea'), 417],
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', 405],
  [
    'an upgrade to WebSocket',
    `GET /health/liveness HTTP/1.1\r\nUpgrade: websocket\r\n${endOfHead}`,
    200,
  ],
  [
    'an upgrade to HTTP/2',
    withHeader('Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA'),
    202,
  ],
  ['HTTP/1.0', 'GET /health/liveness HTTP/1.0\r\n\r\n', 200],
  ['the connection preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${endOfHead}`, 404],
  ['a method in lower case', `post /forms/demo HTTP/1.1\r\n${endOfHead}`, 400],
  ['TRACE', `TRACE /health/liveness HTTP/1.1\r\n${endOfHead}`, 405],
  ['a method of WebDAV', `PROPFIND /forms/demo HTTP/1.1\r\n${endOfHead}`, 405],
  ['an absolute URL', `GET http://a/health/liveness HTTP/1.1\r\n${endOfHead}`, 200],
  [
    'a form id of 201 characters',
    `GET /forms/${'a'.repeat(201)}/schema.json HTTP/1.1\r\n${endOfHead}`,
    404,
  ],
  ['a path that is not UTF-8', `GET /%E0%A4%A HTTP/1.1\r\n${endOfHead}`, 400],
  ['a path of 20,000 bytes', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${endOfHead}`, 431],
  [
    'chunks with extensions and trailers',
    chunked('chunked')
      .replace('\r\nd\r\n', '\r\nd;a="b"\r\n')
      .replace('0\r\n', '0\r\nIdempotency-Key: a\r\n'),
    202,
  ],
]

test.each(unusual)(
  '%s gets an answer of the expected status, with the safe headers',
  async (_, message, status) => {
    const { app } = await makeApp()
    const answer = toAnswer(await exchange(await listening(app), message))
    expect([answer.status, answer.headers]).toEqual([status, expect.objectContaining(safeHeaders)])
    if (status >= 400) expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    if (status === 405) expect(answer.headers.allow).toMatch(/GET|POST/)
  },
)

test('a body in chunks is not read beyond the limit of its form', async () => {
  const { app } = await makeApp()
  const port = await listening(app)
  const connected = once(app.server, 'connection')
  const socket = rawConnect(port)
  const [served] = (await connected) as [Socket]
  const answer = readToEnd(socket)
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`)
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`
  for (let n = 0; n < 640 && !socket.destroyed; n += 1) {
    if (socket.write(chunk)) continue
    await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve))
  }
  expect(toAnswer(await answer).status).toBe(413)
  // The limit of the form is 64 KiB, that of all forms 1 MiB.
  expect(served.bytesRead).toBeLessThan(512 * 1024)
})
