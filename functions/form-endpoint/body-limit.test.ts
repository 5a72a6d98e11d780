// The size limit of a body: the longest answers to its form fit, in any script and with any JSON escapes.
import { Readable } from 'node:stream'
import { expect, test } from '@jest/globals'
import { answersOf, makeApp, type TestApp } from './app.fixture.ts'

const fileOf = (...fields: string[]) =>
  ['title: A', 'fields:', ...fields.map((field, n) => `  f${n}: ${field}`)].join('\n')

const makeForm = (...fields: string[]): Promise<TestApp> =>
  makeApp({ files: { 'a.yaml': fileOf(...fields) } })

/** As ASCII JSON: each UTF-16 code unit is an escape. */
const escaped = (text: string) =>
  text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const longest = '{ type: multiline, max: 50000 }'

test.each([
  [50_000, 'Latin', 'a'],
  [50_000, 'German', 'ü'],
  [50_000, 'Hindi', 'क'],
  // A cell holds 50,000 UTF-16 code units. These characters have two.
  [25_000, 'emoji', '😀'],
])(
  '%i characters of %s are accepted, plain and escaped, with one more they are not',
  async (length, _, character) => {
    const { post, appended } = await makeForm(longest)
    const text = character.repeat(length)
    for (const body of [JSON.stringify({ f0: text }), escaped(JSON.stringify({ f0: text }))]) {
      expect((await post('/forms/a', body)).statusCode).toBe(202)
      expect(answersOf(appended.splice(0))).toEqual({ f0: text })
    }
    const more = await post('/forms/a', { f0: `${text}${character}` })
    expect([more.statusCode, more.json().errors]).toEqual([
      422,
      { f0: 'Expected text of at most 50000 characters, found longer text' },
    ])
  },
)

test.each([
  ['German', 'ü'.repeat(50_000)],
  ['Hindi', 'क'.repeat(50_000)],
  ['emoji', '😀'.repeat(25_000)],
  ['lines', `a${'\n'.repeat(49_998)}a`],
])(
  'the longest answers in %s fit as an HTML form, with all that a page sends beside them',
  async (_, text) => {
    const { post, appended } = await makeForm(longest)
    const form = new URLSearchParams({
      ...{ _charset_: 'utf-8', _key: 'k'.repeat(255), _stamp: 's'.repeat(64) },
      ...{ 'g-recaptcha-response': 't'.repeat(8192), f0: text.replaceAll('\n', '\r\n') },
    })
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await post('/forms/a', form.toString(), type)).statusCode).toBe(202)
    expect(answersOf(appended)).toEqual({ f0: text })
  },
)

test.each([
  [['{ type: text }'], 64],
  [['{ type: multiline, max: 10000 }'], 130],
  [[longest], 598],
  [[longest, longest], 1024],
  [Array(4).fill(longest), 1024],
])('a form with %j accepts a body of at most %i KiB', async (fields, KiB) => {
  const { app, post } = await makeForm(...fields)
  const headers = { 'content-type': 'application/json' }
  const sized = (bytes: number) => `{"_":"${'a'.repeat(bytes - 8)}"}`
  expect((await post('/forms/a', sized(KiB * 1024))).statusCode).toBe(422)
  const chunked = (payload: string) =>
    app.inject({
      method: 'POST',
      url: '/forms/a',
      headers: { ...headers, 'transfer-encoding': 'chunked' },
      payload: Readable.from([Buffer.from(payload)]),
    })
  for (const answer of [
    await post('/forms/a', sized(KiB * 1024 + 1)),
    await chunked(sized(KiB * 1024 + 1)),
    await chunked(sized(KiB * 1024 + 2 ** 20)),
  ]) {
    expect([answer.statusCode, answer.json().detail]).toEqual([
      413,
      `Expected at most ${KiB} KiB: the longest answers to this form fit`,
    ])
  }
  const { paths } = (await app.inject('/openapi.json')).json()
  expect(paths['/forms/a'].post.responses[413].description).toBe(`Over ${KiB} KiB`)
})
