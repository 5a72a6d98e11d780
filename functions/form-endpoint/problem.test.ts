// Problem responses: each has the right status, tells what is expected, and quotes no answer.
import { expect, test } from '@jest/globals'
import type { LightMyRequestResponse } from 'fastify'
import { LogUnavailable } from '#kafka/log/port.ts'
import { makeLog } from '#kit/events.fixture.ts'
import { makeApp } from './app.fixture.ts'

function expectProblem(answer: LightMyRequestResponse, status: number): void {
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    status,
    expect.stringMatching(/^application\/problem\+json/),
  ])
  expect(answer.json()).toMatchObject({ type: 'about:blank', status, title: expect.any(String) })
}

const secret = 'xyzzy'

test.each([
  ['that ends early', `{"item1":"${secret}"`],
  ['with more behind it', `{"item1":"${secret}"} ${secret}`],
  ['that is no JSON at all', secret],
  ['that is an array', `["${secret}"]`],
  ['that is a text', `"${secret}"`],
  ['that is a number', '20260101'],
  ['that is null', 'null'],
  ['that would set a prototype', `{"__proto__":{"item1":"${secret}"},"item1":"a"}`],
  [
    'that would set the prototype of all objects',
    `{"constructor":{"prototype":{"a":"${secret}"}}}`,
  ],
  ['that is empty', ''],
])('a body %s is malformed, and the response quotes nothing of it', async (_, body) => {
  const { post, appended } = await makeApp()
  const answer = await post('/forms/demo', body)
  expectProblem(answer, 400)
  expect(answer.json().detail).toMatch(/^Expected a JSON object/)
  expect(answer.body).not.toContain(secret)
  expect(answer.body).not.toContain('20260101')
  expect(appended).toEqual([])
  expect(({} as Record<string, unknown>).item1).toBeUndefined()
})

test('a body that is not UTF-8 is malformed', async () => {
  const { app, appended } = await makeApp()
  const payload = Buffer.from(`{"item1":"${secret}\xe9","item2":"b"}`, 'latin1')
  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: '/forms/demo', headers, payload })
  expectProblem(answer, 400)
  expect(answer.json().detail).toBe('Expected the body as UTF-8')
  expect(appended).toEqual([])
})

test('a request without body and content type is malformed', async () => {
  const { app } = await makeApp()
  expectProblem(await app.inject({ method: 'POST', url: '/forms/demo' }), 400)
})

test.each([' ', 'ä', 'a'.repeat(256), 'tab\tulator'])('the key %j is malformed', async (key) => {
  const { post, appended } = await makeApp()
  const answer = await post('/forms/demo', { item1: 'a' }, { 'idempotency-key': key })
  expectProblem(answer, 400)
  expect(answer.json().detail).toMatch(/Idempotency-Key/)
  expect(appended).toEqual([])
})

test('an unknown form or address is not found', async () => {
  const { app, post } = await makeApp()
  const addresses = [
    '/forms/unknown',
    '/unknown/',
    '/forms/constructor',
    '/forms/demo/x',
    '/forms/',
  ]
  for (const url of addresses) expectProblem(await post(url, { item1: 'a' }), 404)
  expectProblem(await app.inject('/forms/unknown/schema.json'), 404)
  for (const url of [...addresses, '/']) {
    expectProblem(await app.inject(url), 404)
    expectProblem(await app.inject({ method: 'PUT', url }), 404)
  }
})

test.each(['text/plain', 'multipart/mixed; boundary=x', 'application/xml', 'nonsense'])(
  'the content type %s is not supported',
  async (type) => {
    const { post } = await makeApp()
    const answer = await post('/forms/demo', '{"item1":"a"}', { 'content-type': type })
    expectProblem(answer, 415)
    expect(answer.json().detail).toMatch(/application\/json/)
  },
)

test('a body without a content type is not supported', async () => {
  const { app } = await makeApp()
  const payload = Buffer.from('{"item1":"a"}')
  expectProblem(await app.inject({ method: 'POST', url: '/forms/demo', payload }), 415)
})

test('answers that do not fit get a message for each field, without an answer in it', async () => {
  const { post, appended } = await makeApp()
  const answer = await post('/forms/demo', { item1: secret.repeat(5), age: secret, extra: secret })
  expectProblem(answer, 422)
  expect(answer.json().errors).toEqual({
    item1: expect.stringMatching(/^Expected text .*20/),
    age: expect.stringMatching(/^Expected a whole number/),
    extra: 'Unknown field',
  })
  expect(answer.body).not.toContain(secret)
  expect((await post('/forms/demo', {})).json().errors).toEqual({ item1: 'Is required' })
  expect(appended).toEqual([])
})

test.each([
  [true, /^It may have been stored/],
  [false, /^It was not stored/],
])(
  'while the log is away (append begun: %s) a repeat with the key of the 503 counts once',
  async (begun, detail) => {
    let away = true
    const append = async () => {
      if (away) throw new LogUnavailable(`Could not write ${secret}`, { begun })
    }
    const { post, appended } = await makeApp({ append })
    const refused = await post('/forms/demo', { item1: 'a' })
    expectProblem(refused, 503)
    expect(refused.json().detail).toMatch(detail)
    expect(refused.body).not.toContain(secret)
    expect(refused.headers['retry-after']).toBe('1')
    away = false
    const key = String(refused.headers['idempotency-key'])
    const accepted = await post('/forms/demo', { item1: 'a' }, { 'idempotency-key': key })
    expect(accepted.statusCode).toBe(202)
    expect(appended.map(([, { id }]) => id)).toEqual(Array(2).fill(accepted.json().id))
  },
)

test('a 503 has the Idempotency-Key that the client sent', async () => {
  const append = () => Promise.reject(new LogUnavailable('away', { begun: true }))
  const { post } = await makeApp({ append })
  const refused = await post('/forms/demo', { item1: 'a' }, { 'idempotency-key': 'order 7' })
  expect(refused.headers['idempotency-key']).toBe('order 7')
})

test.each([
  ['a fault', new Error(`Broken by ${secret}`)],
  ['a fault with properties', Object.assign(new Error('a'), { config: { data: secret } })],
  ['a fault of JSON.parse', thrownBy(() => JSON.parse(`{"item1":${secret}}`))],
])('%s is a 500 without details, and the log has only the place', async (_what, error) => {
  const { log: logger, lines } = makeLog()
  const { post } = await makeApp({ append: () => Promise.reject(error), logger })
  const answer = await post('/forms/demo', { item1: 'a' })
  expectProblem(answer, 500)
  expect(answer.body).not.toMatch(/xyzzy|Broken|stack|\.ts/)
  expect(lines()).toMatchObject([
    { method: 'POST', url: '/forms/:form', status: 500, name: error.name },
  ])
  expect(JSON.stringify(lines())).not.toContain(secret)
})

test('an outage of 1,000 submissions is one log line with the reason, without the answers in its cause', async () => {
  const { log: logger, lines } = makeLog()
  const cause = Object.assign(new Error(`refused ${secret}`), { code: 'ECONNREFUSED' })
  const away = new LogUnavailable('K_SINK did not answer', { begun: true, cause })
  const { post } = await makeApp({ append: () => Promise.reject(away), logger })
  for (let n = 0; n < 1000; n++) await post('/forms/demo', { item1: secret })
  expect(lines()).toMatchObject([
    { status: 503, reason: 'K_SINK did not answer', cause: { code: 'ECONNREFUSED' } },
  ])
  expect(JSON.stringify(lines())).not.toContain(secret)
})

function thrownBy(fault: () => unknown): Error {
  try {
    fault()
  } catch (error) {
    return error as Error
  }
  throw new Error('Expected a fault, found none')
}
test('a wrong form is a 503 at each of its addresses, an unknown form a 404', async () => {
  const wrong = 'title: A\npath: /a-form/\nfields:\n  secret: { type: txt }\n'
  const { app, post } = await makeApp({ files: { 'a.yaml': wrong } })
  const schema = await app.inject('/forms/a/schema.json')
  for (const answer of [await post('/forms/a', {}), await post('/a-form', {}), schema]) {
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(answer.json()).toEqual({
      type: 'about:blank',
      status: 503,
      title: 'The form cannot be used right now',
      detail: expect.stringMatching(/nothing was stored$/),
    })
  }
  expect((await post('/forms/b', {})).statusCode).toBe(404)
  expect((await app.inject('/health/readiness')).json()).toEqual({
    status: 'up',
    notes: { forms: '1 wrong: a.yaml:4 fields.secret.type' },
  })
})

test('a submission to a wrong form is not logged as a failure to store', async () => {
  const { log: logger, lines } = makeLog()
  const { post } = await makeApp({ files: { 'a.yaml': 'title: A\n' }, logger })
  expect((await post('/forms/a', {})).statusCode).toBe(503)
  expect(lines()).toEqual([])
})
