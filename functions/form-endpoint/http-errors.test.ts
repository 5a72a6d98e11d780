// Requests that are wrong as HTTP: each is refused with a problem, and a header tells what would be accepted.
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import { makeApp } from './app.fixture.ts'

const problem = expect.stringMatching(/^application\/problem\+json/)
const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
] as const

test.each([
  ...[
    '/forms/demo',
    '/forms/demo/',
    '/student-data-form/',
    '/student-data-form',
    '/forms/demo?a=b',
  ].map((url) => [url, 'GET, HEAD, POST']),
  ...[
    '/openapi.json',
    '/health/liveness',
    '/health/readiness',
    '/metrics',
    '/forms/demo/schema.json',
    '/forms/demo/openapi.json',
  ].map((url) => [url, 'GET, HEAD']),
])('%s answers any method but %s with 405 and Allow', async (url, allow) => {
  const { app } = await makeApp()
  for (const method of methods.filter((method) => !allow.includes(method))) {
    const payload = method === 'PUT' ? 'x' : undefined
    const answer = await app.inject({ method: method as 'GET', url, payload })
    expect([method, answer.statusCode, answer.headers]).toEqual([
      method,
      405,
      expect.objectContaining({ allow, 'content-type': problem }),
    ])
    if (method !== 'HEAD') expect(answer.json()).toMatchObject({ status: 405, type: 'about:blank' })
  }
})

test.each(['gzip', 'deflate', 'br', 'GZIP', 'gzip, identity'])(
  'a body with the content encoding %s is not supported',
  async (coding) => {
    const { app, appended } = await makeApp()
    const headers = { 'content-type': 'application/json', 'content-encoding': coding }
    const payload = gzipSync('{"item1":"a"}')
    const answer = await app.inject({ method: 'POST', url: '/forms/demo', headers, payload })
    expect([answer.statusCode, answer.headers]).toEqual([
      415,
      expect.objectContaining({ 'accept-encoding': 'identity', 'content-type': problem }),
    ])
    expect(answer.json().detail).toBe('Expected a body without a content encoding')
    expect(appended).toEqual([])
  },
)

test('identity is no content encoding', async () => {
  const { post } = await makeApp()
  const answer = await post('/forms/demo', { item1: 'a' }, { 'content-encoding': 'identity' })
  expect(answer.statusCode).toBe(202)
})

test('a body in another charset is not read as UTF-8', async () => {
  const { post, appended } = await makeApp()
  // "Ã©" in ISO 8859-1 has the bytes of "é" in UTF-8.
  for (const charset of ['iso-8859-1', '"latin1"', 'utf-16']) {
    const type = { 'content-type': `application/json; charset=${charset}` }
    const answer = await post('/forms/demo', '{"item1":"é"}', type)
    expect([charset, answer.statusCode, answer.json().detail]).toEqual([
      charset,
      415,
      'Expected JSON in UTF-8',
    ])
  }
  expect(appended).toEqual([])
  for (const charset of ['utf-8', '"UTF-8"', 'utf8']) {
    const type = { 'content-type': `application/json; charset=${charset}` }
    expect((await post('/forms/demo', { item1: 'a' }, type)).statusCode).toBe(202)
  }
})

const broken: [what: string, message: string, status: number][] = [
  ['no HTTP', 'secret\r\n\r\n', 400],
  ['a method that there is not', 'SECRET /forms/demo HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['without a host', 'GET /openapi.json HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['a header without a name', 'GET / HTTP/1.1\r\nHost: a\r\n: secret\r\n\r\n', 400],
  [
    'two lengths',
    'POST /forms/demo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}',
    400,
  ],
  [
    'headers that are too long',
    `GET / HTTP/1.1\r\nHost: a\r\nA: ${'secret'.repeat(4000)}\r\n\r\n`,
    431,
  ],
]

test.each(broken)(
  'a message that is %s gets a problem, and the connection ends',
  async (_, message, status) => {
    const { app } = await makeApp()
    await app.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    socket.write(message)
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head).toMatch(/^content-type: application\/problem\+json/im)
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      status,
      title: expect.any(String),
      detail: expect.stringMatching(/^Expected /),
    })
    expect(body).not.toMatch(/secret/i)
  },
)

test.each(['/forms/%E0%A4%A', '/%zz', `/forms/${'a'.repeat(300)}`])(
  'the address %s is malformed or unknown, and no fault',
  async (url) => {
    const { app, post } = await makeApp()
    for (const answer of [await post(url, { item1: 'a' }), await app.inject(url)]) {
      expect([400, 404]).toContain(answer.statusCode)
      expect(answer.headers).toMatchObject({ 'content-type': problem })
      expect(answer.json().detail).toMatch(/^Expected (the address of a form|POST)/)
    }
  },
)
