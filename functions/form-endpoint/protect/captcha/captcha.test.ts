// Forms with a captcha, verified by a stand-in for the provider.
import { expect, test } from '@jest/globals'
import { LogUnavailable } from '#kafka/log/port.ts'
import { makeApp } from '../../app.fixture.ts'
import { type Fault, type StandInProvider, secret, startProvider } from './provider.fixture.ts'

type Options = Parameters<typeof makeApp>[0]

function makeDemo(url: string, more = '', options: Options = {}) {
  const captcha = `captcha: { provider: turnstile, siteKey: site-key ${more} }`
  return makeApp({
    files: {
      'demo.yaml': `title: Demo\nfields:\n  item1: { type: text }\nprotect: { ${captcha} }\n`,
    },
    protect: { CAPTCHA_SECRET_TURNSTILE: secret, CAPTCHA_VERIFY_URL: url },
    ...options,
  })
}

const field = 'cf-turnstile-response'

async function makeDemoWith(fault: Fault | undefined, more = '', options: Options = {}) {
  const provider: StandInProvider = await startProvider()
  provider.fault = fault
  const demo = await makeDemo(provider.url, more, options)
  const send = (token?: unknown, headers = {}) =>
    demo.post('/forms/demo', { item1: 'a', [field]: token }, headers)
  return { ...demo, provider, send }
}

test('a solved captcha lets a submission through, and the token is not stored', async () => {
  const { send, provider, appended } = await makeDemoWith(undefined)
  expect((await send('solved 1')).statusCode).toBe(202)
  expect(provider.asked).toEqual([{ secret, response: 'solved 1', remoteip: '127.0.0.1' }])
  expect(JSON.stringify(appended)).not.toContain('solved')
})

test.each([undefined, '', 7, ['solved'], 'wrong', 'solved'.padEnd(9000, 'x')])(
  'the answer %j is refused, and the page asks again',
  async (token) => {
    const { send, appended } = await makeDemoWith(undefined)
    const answer = await send(token)
    expect([answer.statusCode, answer.json().reason]).toEqual([403, 'captcha'])
    expect(appended).toHaveLength(0)
  },
)

test('a token can be used once, but a repeat of its submission needs no other one', async () => {
  const faults = [new LogUnavailable('away', { begun: false })]
  const append = async () => {
    const fault = faults.shift()
    if (fault) throw fault
  }
  const { send, provider } = await makeDemoWith(undefined, '', { append })
  const key = { 'idempotency-key': 'k' }
  expect((await send('solved 1', key)).statusCode).toBe(503)
  expect((await send('solved 1', key)).statusCode).toBe(202)
  expect(provider.asked).toHaveLength(1)
  expect((await send('solved 1', { 'idempotency-key': 'other' })).statusCode).toBe(403)
})

test.each<Fault>(['garbage', 'status', 'cut', 'wrong secret'])(
  'with the fault "%s" of the provider a form is closed, or open if it says so',
  async (fault) => {
    const shut = await makeDemoWith(fault)
    const answer = await shut.send('solved 1')
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('1')
    expect(answer.json().reason).toBe('captcha-unreachable')
    expect(shut.appended).toHaveLength(0)
    const open = await makeDemoWith(fault, ', ifUnreachable: open')
    expect((await open.send('solved 1')).statusCode).toBe(202)
    expect((await open.send('')).statusCode).toBe(403)
    const { body: metrics } = await open.app.inject('/metrics')
    expect(metrics).toContain('formstream_captcha_checks_total{result="unreachable"} 1')
  },
)

test('a provider that nobody answers for counts as unreachable', async () => {
  const { post } = await makeDemo('http://127.0.0.1:1/verify')
  expect((await post('/forms/demo', { item1: 'a', [field]: 'solved' })).statusCode).toBe(503)
})

test('a provider that does not answer is given up after three seconds', async () => {
  const { send, app } = await makeDemoWith('slow', ', ifUnreachable: open')
  expect((await send('solved 1')).statusCode).toBe(202)
  expect((await app.inject('/metrics')).body).toContain('{result="unreachable"} 1')
})

test('wrong answers do not reach the provider', async () => {
  const { post, provider } = await makeDemoWith(undefined)
  expect((await post('/forms/demo', { [field]: 'solved 1' })).statusCode).toBe(422)
  expect(provider.asked).toHaveLength(0)
})

test('the page loads the widget, and only the provider beside this site', async () => {
  const { app } = await makeDemoWith(undefined)
  const { body, headers } = await app.inject({
    url: '/forms/demo',
    headers: { accept: 'text/html' },
  })
  expect(body).toContain('<div class="cf-turnstile" data-sitekey="site-key"></div>')
  expect(body).toContain('src="https://challenges.cloudflare.com/turnstile/v0/api.js"')
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("script-src 'self' https://challenges.cloudflare.com;")
  expect(policy).toContain('frame-src https://challenges.cloudflare.com;')
})

const keyed = { 'idempotency-key': 'k' }

/** A form with a captcha and one rate. */
async function makeLimited(rate: string) {
  const provider = await startProvider()
  const captcha = 'captcha: { provider: turnstile, siteKey: site-key }'
  const demo = await makeApp({
    files: {
      'demo.yaml': `title: Demo\nfields:\n  email: { type: email }\nprotect: { ${rate}, ${captcha} }\n`,
    },
    protect: { CAPTCHA_SECRET_TURNSTILE: secret, CAPTCHA_VERIFY_URL: provider.url },
  })
  const send = (email: string, token: string, headers = {}) =>
    demo.post('/forms/demo', { email: `${email}@example.org`, [field]: token }, headers)
  return { ...demo, provider, send }
}

test.each(['perEmail: 1 per day', 'perForm: 1 per day', 'perAddress: 1 per day'])(
  'with %s, a captcha that is not solved at once locks nobody out',
  async (rate) => {
    const { send, provider, appended } = await makeLimited(rate)
    expect((await send('ann', 'wrong', keyed)).statusCode).toBe(403)
    provider.fault = 'status'
    expect((await send('ann', 'solved 1', keyed)).statusCode).toBe(503)
    provider.fault = undefined
    expect((await send('ann', 'solved 2', keyed)).statusCode).toBe(202)
    expect(appended).toHaveLength(1)
  },
)

test('who does not solve the captcha uses up no rate of others', async () => {
  const { send } = await makeLimited('perEmail: 1 per day, perForm: 2 per day')
  for (let n = 0; n < 3; n++) expect((await send('ann', 'wrong')).statusCode).toBe(403)
  expect((await send('ann', 'solved 1')).statusCode).toBe(202)
  expect((await send('bob', 'solved 2')).statusCode).toBe(202)
})

test('a submission that is sent twice at once is checked once', async () => {
  const { send, provider } = await makeLimited('perForm: 1 per day')
  const answers = await Promise.all(['ann', 'ann'].map((name) => send(name, 'solved 1', keyed)))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202])
  expect(provider.asked).toHaveLength(1)
})
