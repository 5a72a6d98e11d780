// Bodies of the type application/x-www-form-urlencoded: the stored text is the text that was sent, whatever its encoding.
import { expect, test } from '@jest/globals'
import { answersOf, makeApp } from '../app.fixture.ts'
import { accepted, send } from './form.fixture.ts'
import { maxPairs } from './form-answers.ts'

const type = 'application/x-www-form-urlencoded'
const post = (body: string | Buffer, charset?: string) =>
  send(body, charset === undefined ? type : `${type}; charset=${charset}`)

test.each<[what: string, body: string, answers: object]>([
  ['plus signs and escapes', 'name=a+b%2Bc%20d', { name: 'a b+c d' }],
  ['escapes in small letters', 'name=%c3%a9', { name: 'é' }],
  ['raw bytes of UTF-8', 'name=\xc3\xa9', { name: 'é' }],
  ['an escape in a name', 'n%61me=a', { name: 'a' }],
  ['a percent sign that is no escape', 'name=5%+%zz+%4', { name: '5% %zz %4' }],
  ['an equals sign in a value', 'name=a=b', { name: 'a=b' }],
  ['empty pairs', '&&name=a&', { name: 'a' }],
  ['line ends of a browser', 'name=a&lines=1%0D%0A2', { name: 'a', lines: '1\n2' }],
  ['an optional box that is not ticked and an empty select', 'name=a&one=', { name: 'a' }],
  ['a ticked box', 'name=a&box=on', { name: 'a', box: true }],
  ['one of several choices', 'name=a&some=b', { name: 'a', some: ['b'] }],
  ['several choices', 'name=a&some=c&some=a', { name: 'a', some: ['c', 'a'] }],
  ['a number', 'name=a&age=+7', { name: 'a', age: 7 }],
  ['digits for a text', 'name=1.50', { name: '1.50' }],
  ['hidden fields', 'name=a&_key=k&_x=1&utm_source=b&submit=Send', { name: 'a' }],
  ['the names of properties', 'name=a&__proto__=x&__proto__=y', { name: 'a' }],
])('a body with %s is stored as it was meant', async (_, body, answers) => {
  expect(await post(body)).toEqual(accepted(answers))
})

const cafe = 'name=caf%E9'
test.each<[what: string, body: string, charset: string | undefined, name: string]>([
  ['the content type', cafe, 'ISO-8859-1', 'café'],
  ['the content type, quoted', cafe, '"latin1"', 'café'],
  ['_charset_ at the end', `${cafe}&_charset_=ISO-8859-1`, undefined, 'café'],
  ['_charset_ at the start', `_charset_=windows-1252&name=%80`, undefined, '€'],
  ['_charset_ rather than the content type', `_charset_=koi8-r&name=%C1`, 'utf-8', 'а'],
  ['the content type if _charset_ is empty', `_charset_=&${cafe}`, 'latin1', 'café'],
  ['_charset_ for raw bytes', '_charset_=iso-8859-1&name=\xe9', undefined, 'é'],
  ['_charset_ of several bytes', '_charset_=Shift_JIS&name=%82%A0', undefined, 'あ'],
  [
    '_charset_ with escapes of its own',
    '_charset_=iso-2022-jp&name=%1B$B$%22%1B(B',
    undefined,
    'あ',
  ],
  ['_charset_ of Chinese', '_charset_=gb18030&name=%D6%D0', undefined, '中'],
])('text is decoded as %s says', async (_, body, charset, name) => {
  expect(await post(body, charset)).toEqual(accepted({ name }))
})

test.each<[what: string, body: string, charset: string | undefined, status: number]>([
  ['bytes that are not UTF-8', cafe, undefined, 400],
  ['half a character', 'name=%C3', undefined, 400],
  ['a surrogate written as UTF-8', 'name=%ED%A0%80', undefined, 400],
  ['other bytes in a name', 'name=a&_%E9=b', undefined, 400],
  ['bytes that the charset does not have', '_charset_=shift_jis&name=%82', undefined, 400],
  ['an unknown charset', 'name=a', 'klingon', 415],
  ['an unknown _charset_', 'name=a&_charset_=utf-7', undefined, 415],
  ['UTF-16', 'name=a', 'utf-16', 415],
  ['UTF-16 as _charset_', 'name=a&_charset_=utf-16be', undefined, 415],
])('%s are refused, and nothing is stored', async (_, body, charset, status) => {
  const { detail, ...outcome } = await post(body, charset)
  expect(outcome).toEqual({ status, answers: undefined })
  expect(detail).toMatch(/^Expected /)
})

test.each<[what: string, body: string, wrong: string]>([
  ['an unknown name', 'name=a&nmae=b', 'nmae'],
  ['a name without a value', 'name', 'name'],
  ['a value without a name', 'name=a&=b', ''],
  ['the brackets of PHP', 'name=a&some[]=b', 'some[]'],
  ['a byte order mark before the first name', '\xef\xbb\xbfname=a', '\\u{feff}name'],
  ['two answers for one text', 'name=a&name=b', 'name'],
  ['the name of a method', 'name=a&toString=b', 'toString'],
])('%s does not fit the form', async (_, body, wrong) => {
  const { status, answers, errors } = await post(body)
  expect([status, answers]).toEqual([422, undefined])
  expect(Object.keys(errors ?? {})).toContain(wrong)
})

test('10,000 pairs are read, one more is refused', async () => {
  const most = `name=a${'&_a=b'.repeat(maxPairs - 1)}`
  expect(await post(most)).toEqual(accepted({ name: 'a' }))
  for (const body of [`${most}&_a=b`, `${most}&`]) {
    expect(await post(body)).toMatchObject({ status: 400, answers: undefined })
  }
})

test('a key in the page or in the header gives the same id', async () => {
  const { app, appended } = await makeApp()
  const headers = { 'content-type': type }
  const url = '/forms/demo'
  await app.inject({ method: 'POST', url, headers, payload: 'item1=a&_key=k' })
  const keyed = { ...headers, 'idempotency-key': 'k' }
  await app.inject({ method: 'POST', url, headers: keyed, payload: 'item1=a' })
  const json = { 'content-type': 'application/json', 'idempotency-key': 'k' }
  await app.inject({ method: 'POST', url, headers: json, payload: '{"item1":"a"}' })
  expect(new Set(appended.map(([, { id }]) => id)).size).toBe(1)
  expect(answersOf(appended)).toEqual({ item1: 'a' })
})
