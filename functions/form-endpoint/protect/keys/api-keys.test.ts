import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { pino } from 'pino'
import { makeApp } from '../../app.fixture.ts'
import { ApiKeys, bearerKey } from './api-keys.ts'
import { hashOf, newKey, parseKeys } from './keys-file.ts'

const [one, two, three] = [newKey(), newKey(), newKey()]
const line = (name: string, ...keys: string[]) =>
  `${name}: [${keys.map((key) => hashOf(key).toString('hex')).join(', ')}]\n`

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-keys-'))
  file = join(folder, 'keys.yaml')
})
afterEach(async () => {
  jest.useRealTimers()
  await rm(folder, { recursive: true })
})

describe('the file', () => {
  test('holds up to two keys for a name, as YAML or JSON', () => {
    const hash = hashOf(one).toString('hex')
    expect(parseKeys(line('crm', one, two)).get('crm')).toEqual([hashOf(one), hashOf(two)])
    expect(parseKeys(JSON.stringify({ crm: [hash] })).get('crm')).toEqual([hashOf(one)])
    expect(parseKeys('').size).toBe(0)
  })

  test.each([
    ['three keys', line('crm', one, two, three)],
    ['a key itself', `crm: [${one}]`],
    ['a list', '- a'],
    ['a text', 'crm: abc'],
    ['no YAML', 'crm: ['],
  ])('with %s is refused, and nothing of it is quoted', (_, text) => {
    expect(() => parseKeys(text)).toThrow(/^expected /)
    expect(() => parseKeys(text)).not.toThrow(one)
  })
})

test('a key is of its name only', async () => {
  await writeFile(file, line('crm', one, two) + line('shop', three))
  const keys = new ApiKeys(file, pino({ level: 'silent' }))
  const found = await Promise.all(
    [one, two, three, `${one}x`, ''].map((key) => keys.accepts(key, ['crm'])),
  )
  expect(found).toEqual([true, true, false, false, false])
  expect(await keys.accepts(three, ['crm', 'shop'])).toBe(true)
})

test('a file that was exchanged is read again within a second, a wrong one changes nothing, a removed one has no keys', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] })
  const keys = new ApiKeys(file, pino({ level: 'silent' }))
  const write = async (text: string) => {
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
    jest.advanceTimersByTime(1000)
  }
  const accepted = () => Promise.all([one, two].map((key) => keys.accepts(key, ['crm'])))
  await write(line('crm', one))
  await keys.refresh()
  expect(await accepted()).toEqual([true, false])
  await write(line('crm', two, one))
  await keys.refresh()
  expect(await accepted()).toEqual([true, true])
  await write('crm: nothing')
  await keys.refresh()
  expect(await accepted()).toEqual([true, true])
  expect(keys.problem).toContain('keys.yaml: expected')
  await rm(file)
  jest.advanceTimersByTime(1000)
  await keys.refresh()
  expect(await accepted()).toEqual([false, false])
  expect(keys.problem).toContain('there is no such file')
})

test.each([
  ['Bearer abc', 'abc'],
  ['bearer  fsk_a-b', 'fsk_a-b'],
  ['Basic abc', undefined],
  ['Bearer', undefined],
  ['Bearer a b', undefined],
  [undefined, undefined],
])('the header %j has the key %j', (header, key) => {
  expect(bearerKey(header)).toBe(key)
})

describe('a form with keys', () => {
  const makeDemo = async (protect: string) => {
    await writeFile(file, line('crm', one, two))
    const text = `title: Demo\nfields:\n  item1: { type: text }\nprotect: { ${protect} }\n`
    const secrets = ['s'.repeat(32)]
    const settings = { API_KEYS_FILE: file, CAPTCHA_SECRET_TURNSTILE: 'secret' }
    const { post, app } = await makeApp({
      files: { 'demo.yaml': text },
      secrets,
      protect: settings,
    })
    const send = (key?: string, item1 = 'a') =>
      post('/forms/demo', { item1 }, key === undefined ? {} : { authorization: `Bearer ${key}` })
    return { send, app }
  }

  test('takes submissions with one of them', async () => {
    const { send } = await makeDemo('keys: [crm]')
    expect((await send(one)).statusCode).toBe(202)
    expect((await send(two)).statusCode).toBe(202)
    const without = await send()
    expect(without.statusCode).toBe(401)
    expect(without.headers['www-authenticate']).toBe('Bearer realm="form"')
    const wrong = await send(three)
    expect(wrong.statusCode).toBe(401)
    expect(wrong.headers['www-authenticate']).toBe('Bearer realm="form", error="invalid_token"')
  })

  test('has no page for people, unless it also has a captcha', async () => {
    const headers = { accept: 'text/html' }
    const { app } = await makeDemo('keys: [crm]')
    const { body } = await app.inject({ url: '/forms/demo', headers })
    expect(body).toContain('This form can only be sent by a program that has a key.')
    expect(body).not.toContain('<form')
    const other = await makeDemo('keys: [crm], captcha: { provider: turnstile, siteKey: a }')
    expect((await other.app.inject({ url: '/forms/demo', headers })).body).toContain('<form')
  })

  test('needs no captcha, time or address with a key, but a captcha without one', async () => {
    const { send } = await makeDemo(
      'keys: [crm], trap: true, minSeconds: 60, perAddress: 1 per day, captcha: { provider: turnstile, siteKey: a }',
    )
    for (const item1 of ['a', 'b', 'c']) expect((await send(one, item1)).statusCode).toBe(202)
    const without = await send()
    expect([without.statusCode, without.json().reason]).toEqual([403, 'stamp'])
    expect((await send('wrong')).statusCode).toBe(401)
  })

  test('is counted per form with a key, too', async () => {
    const { send } = await makeDemo('keys: [crm], perForm: 1 per day')
    expect((await send(one, 'a')).statusCode).toBe(202)
    expect((await send(two, 'b')).statusCode).toBe(429)
  })

  test('readiness names the names without a key', async () => {
    const { app } = await makeDemo('keys: [crm, shop]')
    expect((await app.inject('/health/readiness')).json().notes.protect).toBe(
      'demo: protect.keys: expected a key for shop in API_KEYS_FILE, found none',
    )
  })
})
