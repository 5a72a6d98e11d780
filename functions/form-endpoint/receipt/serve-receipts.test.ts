// Receipts over HTTP: who may see them, and what they show.
import { expect, test } from '@jest/globals'
import type { Outcome, Status, StatusReader } from '#kit/status/port.ts'
import { makeApp } from '../app.fixture.ts'

const secrets = ['s'.repeat(32)]
const files = {
  'demo.yaml': `title: A & B
receipt: { answers: true }
page: { texts: { hi: {} } }
fields:
  item1: { type: text, label: First, max: 20 }
  agree: { type: boolean, label: Agree, required: false }
tasks: { sheets: {} }
`,
}
const page = { accept: 'text/html' }

/** Knows the given status of every submission. */
const readerOf = (status?: Status): StatusReader => ({ get: async () => status })

async function submitted(options: Parameters<typeof makeApp>[0] = {}, more = {}) {
  const made = await makeApp({ files, secrets, status: readerOf(), ...options })
  const { headers, body } = await made.post('/forms/demo', { item1: 'a', ...more })
  const address = String(headers.location)
  const get = (url = address, sent: Record<string, string> = {}) =>
    made.app.inject({ url, headers: sent })
  return { ...made, get, address, id: JSON.parse(body).id as string }
}

const done: Status = {
  form: 'demo',
  time: '2026-01-02T03:04:05.000Z',
  outcomes: {
    validation: { state: 'validated' },
    sheets: { state: 'recorded', tab: '<$&> 2026', row: 7 },
  },
  answers: { item1: '<b>', agree: true },
}

test('a 202 has the address of the receipt, a repeat the same one', async () => {
  const { post, address, id } = await submitted()
  expect(address).toMatch(new RegExp(`^/submissions/${id}\\?token=[\\w-]{43}$`))
  const key = { 'idempotency-key': 'k' }
  const [first, again] = [
    await post('/forms/demo', { item1: 'a' }, key),
    await post('/forms/demo', { item1: 'a' }, key),
  ]
  expect(first?.headers.location).toBe(again?.headers.location)
})

test.each<[Outcome, string]>([
  [{ state: 'confirmed', person: 'sent' }, 'sent to you'],
  [{ state: 'confirmed', person: 'sent', again: true }, 'sent to you, perhaps more than once'],
  [{ state: 'confirmed', owners: 'sent' }, 'sent to the people who run this form'],
  [{ state: 'forwarded', again: true }, 'done, perhaps more than once'],
])('an effect %j is told as "%s"', async (outcome, text) => {
  const status = { ...done, outcomes: { confirmation: outcome } }
  const { get, address } = await submitted({ status: readerOf(status) })
  expect((await get(address, page)).body).toContain(`: ${text}</li>`)
})

test('without a secret there is no receipt', async () => {
  const { app, post } = await makeApp({ files })
  const { headers, body } = await post('/forms/demo', { item1: 'a' })
  expect(headers.location).toBeUndefined()
  const { id } = JSON.parse(body)
  expect((await app.inject(`/submissions/${id}?token=x`)).statusCode).toBe(404)
})

test('a browser is led to the thanks with the receipt, but tells no other site of it', async () => {
  const { post, id } = await submitted()
  const { headers } = await post('/forms/demo', { item1: 'a', _key: 'k' }, page)
  expect(headers.location).toMatch(/^\/forms\/demo\/thanks\?lang=en&id=[\w-]{36}&token=[\w-]{43}$/)
  expect(headers.location).not.toContain(id)
  const elsewhere = `${files['demo.yaml'].replace('page: {', 'page: { redirect: https://example.org/,')}`
  const other = await makeApp({ files: { 'demo.yaml': elsewhere }, secrets })
  const led = await other.post('/forms/demo', { item1: 'a' }, page)
  expect(led.headers.location).toBe('https://example.org/')
})

test('JSON says what is known', async () => {
  const { get, id } = await submitted({ status: readerOf(done) })
  const { statusCode, headers, body } = await get()
  expect([statusCode, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8'])
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
  })
  expect(JSON.parse(body)).toEqual({
    id,
    form: 'demo',
    received: done.time,
    status: 'done',
    steps: [
      { task: 'validation', state: 'validated' },
      { task: 'sheets', state: 'recorded', tab: '<$&> 2026', row: 7 },
    ],
    answers: done.answers,
  })
})

test('the page shows it, escaped, and is not kept or indexed', async () => {
  const { get, address } = await submitted({ status: readerOf(done) })
  const { headers, body } = await get(address, page)
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
  })
  expect(body).toContain('<h1>Your submission</h1>')
  expect(body).toContain('A &amp; B')
  expect(body).toContain('row 7 of &lt;$&amp;&gt; 2026')
  expect(body).toContain('<dt>First</dt><dd>&lt;b&gt;</dd><dt>Agree</dt><dd>Yes</dd>')
  expect(body).toContain('January 2, 2026')
  // Everything is done: nothing to update.
  expect(body).not.toContain('<script')
  expect(body).not.toContain('http-equiv')
})

test('while it is processed the page updates itself, with JavaScript and without', async () => {
  const { get, address } = await submitted()
  const { body } = await get(address, page)
  expect(body).toMatch(/<script type="module" src="\/receipt\.js\?v=[\w-]{12}">/)
  expect(body).toContain('<noscript><meta http-equiv="refresh" content="5"></noscript>')
  const [, source = ''] = /src="(\/receipt\.js[^"]*)"/.exec(body) ?? []
  const script = await get(source)
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect(script.headers['cache-control']).toContain('immutable')
  expect(script.body.length).toBeLessThan(1000)
})

test('the language is one that the form and the browser have', async () => {
  const { get, address } = await submitted({ status: readerOf(done) })
  const { body } = await get(address, { ...page, 'accept-language': 'hi' })
  expect(body).toContain('<html lang="hi"')
  expect(body).toContain('2026 की पंक्ति 7')
})

test('the language of the form is that of its receipt, also for labels and later changes', async () => {
  const texts =
    '{ hi: { title: हमारा, fields: { item1: { label: पहला }, pick: { options: { x: एक } } } } }'
  const translated = files['demo.yaml']
    .replace('{ hi: {} }', texts)
    .replace('tasks:', '  pick: { type: choice, options: [x, constructor] }\ntasks:')
  const status = { ...done, answers: { ...done.answers, pick: 'x' } }
  const { app, post, get } = await submitted(
    {
      files: { 'demo.yaml': translated },
      status: readerOf(status),
    },
    { pick: 'x' },
  )
  const { headers } = await post('/forms/demo?lang=hi', { item1: 'a', pick: 'x' }, page)
  const { body: thanks } = await app.inject(String(headers.location))
  const [, href = ''] = /href="(\/submissions\/[^"]+)"/.exec(thanks) ?? []
  const { body } = await get(href.replaceAll('&amp;', '&'), page)
  expect(body).toContain('<p>हमारा</p>')
  expect(body).toContain('<dt>पहला</dt>')
  expect(body).toContain('<dd>एक</dd>')
  const waiting = await submitted({ files: { 'demo.yaml': translated } }, { pick: 'x' })
  const { body: processed } = await waiting.get(`${waiting.address}&lang=hi`, page)
  expect(processed).toMatch(/data-events="[^"]+&amp;lang=hi"/)
})

test('a dead letter is shown with a plain reason, and the page goes on updating', async () => {
  const outcomes = { ...done.outcomes, sheets: { state: 'failed', final: false } as const }
  const { get, address } = await submitted({ status: readerOf({ ...done, outcomes }) })
  const { body } = await get(address, page)
  expect(body).toContain('not done: a service did not answer in time')
  expect(body).toContain('http-equiv="refresh"')
})

test('a refusal is shown with the labels of its fields', async () => {
  const outcomes = { validation: { state: 'refused', errors: { item1: 'Expected less' } } as const }
  const { get, address } = await submitted({ status: readerOf({ ...done, outcomes }) })
  expect((await get(address, page)).body).toContain('<li>First: Expected less</li>')
})

test.each([{}, page])('without the right token all answers are the same: %j', async (accept) => {
  const { get, address, id } = await submitted({ status: readerOf(done) })
  await get(address)
  const unknown = '0193a5d0-7e00-7abc-8def-001122334455'
  const token = address.split('=')[1] as string
  const addresses = [
    `/submissions/${id}`,
    `/submissions/${id}?token=`,
    `/submissions/${id}?token=${'A'.repeat(43)}`,
    `/submissions/${id}?token=${token}&token=${token}`,
    `/submissions/${id}?token=${token}x`,
    `/submissions/${unknown}?token=${token}`,
    `/submissions/x?token=${token}`,
    `/submissions/${id}/events?token=x`,
  ]
  const answers = await Promise.all(addresses.map((one) => get(one, accept)))
  const seen = answers.map(({ statusCode, headers: { date: _, ...headers }, body }) =>
    JSON.stringify([statusCode, headers, body]),
  )
  expect(seen[0]).toContain('404')
  expect(new Set(seen).size).toBe(1)
})

test('tokens of the secret before stay valid', async () => {
  const before = await submitted({ status: readerOf(done) })
  const after = await submitted({ status: readerOf(done), secrets: ['n'.repeat(32), ...secrets] })
  const later = await submitted({ status: readerOf(done), secrets: ['n'.repeat(32)] })
  expect((await after.get(before.address)).statusCode).toBe(200)
  expect((await later.get(before.address)).statusCode).toBe(404)
})
