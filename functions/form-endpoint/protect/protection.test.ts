// Submissions to forms with a section `protect`, through the whole application.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { LogUnavailable } from '#kafka/log/port.ts'
import { makeApp } from '../app.fixture.ts'
import { makeStamp } from './stamp.ts'

const secrets = ['s'.repeat(32)]

const formWith = (protect: string) => ({
  'demo.yaml': `title: Demo\nfields:\n  item1: { type: text, max: 20 }\n  email: { type: email, required: false }\nprotect: { ${protect} }\n`,
  'open.yaml': 'title: Open\nfields:\n  item1: { type: text }\n',
})

const makeDemo = (protect: string, options: Parameters<typeof makeApp>[0] = {}) =>
  makeApp({ files: formWith(protect), secrets, ...options })

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-protect-'))
  folders.push(folder)
  return folder
}

const html = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }
const stampOf = (page: string) => /name="_stamp" value="([^"]+)"/.exec(page)?.[1] as string
const anHourAgo = () => makeStamp(secrets, { form: 'demo', time: Date.now() - 3_600_000 })

describe('rates', () => {
  test('per address: the first ones are accepted, then 429 says when to come back', async () => {
    const { post, appended } = await makeDemo('perAddress: 2 per hour')
    for (const item1 of ['a', 'b'])
      expect((await post('/forms/demo', { item1 })).statusCode).toBe(202)
    const refused = await post('/forms/demo', { item1: 'c' })
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3500)
    expect(refused.json()).toMatchObject({ status: 429, reason: 'too-many' })
    expect(appended).toHaveLength(2)
  })

  test('answers that do not fit use up nothing', async () => {
    const { post } = await makeDemo('perAddress: 1 per hour')
    for (let n = 0; n < 3; n++) expect((await post('/forms/demo', {})).statusCode).toBe(422)
    expect((await post('/forms/demo', { item1: 'a' })).statusCode).toBe(202)
  })

  test('a repeat with its key is not counted again, but not for ever', async () => {
    const { post } = await makeDemo('perAddress: 1 per hour')
    const repeat = () => post('/forms/demo', { item1: 'a' }, { 'idempotency-key': 'k' })
    for (let n = 0; n <= 10; n++) expect((await repeat()).statusCode).toBe(202)
    expect((await repeat()).statusCode).toBe(429)
  })

  test('per e-mail address, whatever its case', async () => {
    const { post } = await makeDemo('perEmail: 1 per day')
    const send = (email?: string) => post('/forms/demo', { item1: 'a', email })
    expect((await send('ann@example.org')).statusCode).toBe(202)
    expect((await send(' Ann@EXAMPLE.org ')).statusCode).toBe(429)
    expect((await send('bob@example.org')).statusCode).toBe(202)
    expect((await send()).statusCode).toBe(202)
  })

  test('per form; other forms are not concerned', async () => {
    const { post } = await makeDemo('perForm: 1 per minute')
    const statuses = []
    for (const form of ['demo', 'demo', 'open', 'open']) {
      statuses.push((await post(`/forms/${form}`, { item1: 'a' })).statusCode)
    }
    expect(statuses).toEqual([202, 429, 202, 202])
  })

  test('a person gets the page with the answers back', async () => {
    const { post } = await makeDemo('perForm: 1 per minute')
    await post('/forms/demo', { item1: 'a' })
    const page = await post('/forms/demo', 'item1=my+answer', html)
    expect(page.statusCode).toBe(429)
    expect(page.headers['retry-after']).toMatch(/^\d+$/)
    expect(page.body).toContain('There were too many submissions')
    expect(page.body).toContain('value="my answer"')
  })
})

describe('bots', () => {
  test('one that fills in the trap gets the same answer, and nothing is stored', async () => {
    const { app, post, appended } = await makeDemo('trap: true')
    const person = await post('/forms/demo', { item1: 'a', _trap: '' })
    const bot = await post('/forms/demo', { item1: 'b', _trap: 'x' })
    expect(bot.statusCode).toBe(202)
    expect(Object.keys(bot.json())).toEqual(Object.keys(person.json()))
    expect(Object.keys(bot.headers)).toEqual(Object.keys(person.headers))
    expect(bot.json().id).toMatch(/^[0-9a-f-]{36}$/)
    expect(appended).toHaveLength(1)
    const { body: metrics } = await app.inject('/metrics')
    expect(metrics).toContain('formstream_submissions_total{form="demo",outcome="dropped"} 1')
    expect(metrics).toContain('formstream_submissions_total{form="demo",outcome="accepted"} 1')
  })

  test('wrong answers are told to a bot as to anybody', async () => {
    const { post } = await makeDemo('trap: true')
    expect((await post('/forms/demo', { _trap: 'x' })).statusCode).toBe(422)
  })

  test('one that sends the page at once is dropped, a person who takes time is not', async () => {
    const { app, post, appended } = await makeDemo('minSeconds: 3')
    const page = await app.inject({ url: '/forms/demo', headers: html })
    const fast = await post('/forms/demo', { item1: 'a', _stamp: stampOf(page.body) })
    expect([fast.statusCode, appended.length]).toEqual([202, 0])
    const slow = await post('/forms/demo', { item1: 'a', _stamp: anHourAgo() })
    expect([slow.statusCode, appended.length]).toEqual([202, 1])
  })

  test('a page that is shown again with errors keeps its time', async () => {
    const { post, appended } = await makeDemo('minSeconds: 3')
    const page = await post('/forms/demo', `_stamp=${anHourAgo()}`, html)
    expect(page.statusCode).toBe(422)
    const again = `item1=a&_stamp=${stampOf(page.body)}`
    expect((await post('/forms/demo', again, html)).statusCode).toBe(303)
    expect(appended).toHaveLength(1)
  })

  test('a client without a stamp is told: it would lose its submissions otherwise', async () => {
    const { post, appended } = await makeDemo('minSeconds: 3')
    for (const _stamp of [undefined, 'x', anHourAgo()?.replace(/.$/, '_')]) {
      const answer = await post('/forms/demo', { item1: 'a', _stamp })
      expect([answer.statusCode, answer.json().reason]).toEqual([403, 'stamp'])
    }
    expect(appended).toHaveLength(0)
  })

  test('the trap is on the page only where the form has one', async () => {
    const pages = await Promise.all(
      ['trap: true', 'minSeconds: 1'].map(async (protect) => {
        const { app } = await makeDemo(protect)
        return (await app.inject({ url: '/forms/demo', headers: html })).body
      }),
    )
    expect(pages.map((page) => page.includes('name="_trap"'))).toEqual([true, false])
    expect(pages.map((page) => page.includes('name="_stamp"'))).toEqual([false, true])
  })
})

describe('times', () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString()

  test('before it opens, the page and the answer say when', async () => {
    const { app, post, appended } = await makeDemo('opens: 2126-12-01T09:00:00+05:30')
    const page = await app.inject({ url: '/forms/demo', headers: html })
    expect(page.body).toContain('It opens on Sunday, December 1, 2126 at 9:00:00')
    expect(page.body).not.toContain('<form')
    const refused = await post('/forms/demo', { item1: 'a' })
    expect(refused.statusCode).toBe(403)
    expect(refused.json()).toMatchObject({
      reason: 'not-open',
      detail: 'It opens at 2126-12-01T03:30:00Z',
    })
    expect(appended).toHaveLength(0)
  })

  test('after it closes, a person sees the own answers and why', async () => {
    const { post } = await makeDemo('closes: 2026-01-01T00:00:00Z')
    const page = await post('/forms/demo', 'item1=mine', html)
    expect(page.statusCode).toBe(403)
    expect(page.body).toContain('This form is closed. It was open until Thursday, January 1, 2026')
    expect(page.body).toContain('value="mine"')
  })

  test('between the two it is open', async () => {
    const { post } = await makeDemo(`opens: 2026-01-01T00:00:00Z, closes: '${soon}'`)
    expect((await post('/forms/demo', { item1: 'a' })).statusCode).toBe(202)
  })
})

describe('limit', () => {
  test('accepts as many as it says, with repeats counted once, then the page says so', async () => {
    const { app, post, appended } = await makeDemo('limit: 3', { dataDir: await makeFolder() })
    const send = (key: string) => post('/forms/demo', { item1: 'a' }, { 'idempotency-key': key })
    const answers = await Promise.all(['a', 'b', 'a', 'c', 'd', 'b'].map(send))
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses).toEqual([202, 202, 202, 202, 403, 202])
    expect(new Set(appended.map(([, { id }]) => id)).size).toBe(3)
    expect(answers[4]?.json()).toMatchObject({ reason: 'full' })
    const page = await app.inject({ url: '/forms/demo', headers: html })
    expect(page.body).toContain('This form takes no more answers.')
  })

  test('an append that did not begin gives its place back, one that did keeps it', async () => {
    const faults = [false, true].map((begun) => new LogUnavailable('away', { begun }))
    const append = async () => {
      const fault = faults.shift()
      if (fault) throw fault
    }
    const { post } = await makeDemo('limit: 2', { dataDir: await makeFolder(), append })
    const statuses = []
    for (const key of ['a', 'b', 'c', 'd', 'b']) {
      const answer = await post('/forms/demo', { item1: 'a' }, { 'idempotency-key': key })
      statuses.push(answer.statusCode)
    }
    // a: no place taken; b: perhaps stored; c: the second place; d: none left; b again has its place.
    expect(statuses).toEqual([503, 503, 202, 403, 202])
  })

  test('a dropped submission takes no place', async () => {
    const { post } = await makeDemo('limit: 1, trap: true', { dataDir: await makeFolder() })
    expect((await post('/forms/demo', { item1: 'a', _trap: 'x' })).statusCode).toBe(202)
    expect((await post('/forms/demo', { item1: 'a' })).statusCode).toBe(202)
    expect((await post('/forms/demo', { item1: 'b', _trap: 'x' })).statusCode).toBe(403)
  })
})

test.each([
  ['limit: 5', {}, 'protect.limit: expected REDIS_URL'],
  [
    'captcha: { provider: hcaptcha, siteKey: a }',
    {},
    'expected CAPTCHA_SECRET_HCAPTCHA, found nothing',
  ],
  ['keys: [crm]', {}, 'protect.keys: expected API_KEYS_FILE, found nothing'],
  ['minSeconds: 1', { secrets: [] }, 'protect.minSeconds: expected FORM_SECRET, found nothing'],
  [
    'perEmail: 1 per day',
    { secrets: [], protect: { REDIS_URL: 'redis://127.0.0.1:1' } },
    'expected FORM_SECRET beside REDIS_URL',
  ],
])(
  'a form with %s without what it needs is refused, and readiness says why',
  async (protect, options, why) => {
    const { app, post, appended } = await makeDemo(protect, options)
    const answer = await post('/forms/demo', { item1: 'a' })
    expect(answer.statusCode).toBe(503)
    expect(answer.json().detail).toBe(
      'A setting that its protection needs is missing here: nothing was stored',
    )
    const page = await app.inject({ url: '/forms/demo', headers: html })
    expect(page.body).toContain('The form cannot be used right now')
    expect((await post('/forms/open', { item1: 'a' })).statusCode).toBe(202)
    expect(appended).toHaveLength(1)
    const ready = await app.inject('/health/readiness')
    expect(ready.statusCode).toBe(200)
    expect(ready.json().notes.protect).toContain(`demo: `)
    expect(ready.json().notes.protect).toContain(why)
  },
)
