// Bodies of the type multipart/form-data: texts as they were sent, and no files.
import { expect, test } from '@jest/globals'
import { accepted, send } from './form.fixture.ts'
import { maxPairs } from './form-answers.ts'

const type = 'multipart/form-data; boundary=b'
const part = (name: string, value: string, more = '') =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
const typed = (contentType: string, value: string) =>
  part('name', value, `\r\nContent-Type: ${contentType}`)
const post = (parts: string, contentType = type) => send(`${parts}--b--\r\n`, contentType)

const emptyFile = part('photo', '', '; filename=""\r\nContent-Type: application/octet-stream')

test.each<[what: string, parts: string, answers: object]>([
  ['UTF-8', part('name', 'caf\xc3\xa9'), { name: 'café' }],
  ['a value that looks like a delimiter', part('name', 'a--b--'), { name: 'a--b--' }],
  ['lines', part('name', 'a') + part('lines', '1\r\n\r\n2\r\n'), { name: 'a', lines: '1\n\n2' }],
  ['an empty answer', part('name', 'a') + part('one', ''), { name: 'a' }],
  [
    'several choices',
    part('name', 'a') + part('some', 'b') + part('some', 'a'),
    { name: 'a', some: ['b', 'a'] },
  ],
  ['a file input that was left empty', part('name', 'a') + emptyFile, { name: 'a' }],
  ['text before the first delimiter', `hello\r\n${part('name', 'a')}`, { name: 'a' }],
  ['a space after a delimiter', part('name', 'a').replace('--b', '--b \t'), { name: 'a' }],
  ['names of headers in small letters', part('name', 'a').toLowerCase(), { name: 'a' }],
  ['a name without quotes', part('name', 'a').replaceAll('"', ''), { name: 'a' }],
  [
    'a type and a coding',
    typed('text/plain\r\nContent-Transfer-Encoding: 8bit', 'a'),
    { name: 'a' },
  ],
  ['the charset of a part', typed('text/plain; charset=ISO-8859-1', 'caf\xe9'), { name: 'café' }],
  ['_charset_', part('_charset_', 'windows-1252') + part('name', '\x80'), { name: '€' }],
  [
    'a charset rather than _charset_',
    part('_charset_', 'koi8-r') + typed('text/plain;charset="utf-8"', '\xc3\xa9'),
    { name: 'é' },
  ],
])('a body with %s is stored as it was meant', async (_, parts, answers) => {
  expect(await post(parts)).toEqual(accepted(answers))
})

test.each<[what: string, parts: string, detail: RegExp]>([
  ['a file', part('name', 'text', '; filename="a.txt"'), /without files/],
  ['a file without bytes', part('name', '', '; filename="a.txt"'), /without files/],
  ['a file without a name', part('name', 'text', '; filename=""'), /without files/],
  ['a file of RFC 5987', part('name', 'text', "; filename*=UTF-8''a.txt"), /without files/],
  ['bytes', typed('application/octet-stream', 'a'), /text\/plain/],
  ['JSON', typed('application/json', '"a"'), /text\/plain/],
  ['base64', part('name', 'YQ==', '\r\nContent-Transfer-Encoding: base64'), /transfer encoding/],
  ['an unknown charset', typed('text/plain; charset=klingon', 'a'), /charset/],
])('a part with %s is 415, and nothing is stored', async (_, parts, detail) => {
  expect(await post(parts)).toEqual({
    status: 415,
    answers: undefined,
    detail: expect.stringMatching(detail),
  })
})

const whole = part('name', 'a')
test.each<[what: string, body: string, contentType?: string]>([
  ['no boundary', `${whole}--b--`, 'multipart/form-data'],
  ['another boundary', `${whole}--b--`, 'multipart/form-data; boundary=c'],
  ['no last delimiter', whole],
  ['a value that is cut', whole.slice(0, -3)],
  ['a header that is cut', `--b\r\nContent-Disposition: form-data\r\n--b--`],
  ['no headers', '--b\r\n\r\na\r\n--b--'],
  ['no name', `${whole.replace('; name="name"', '')}--b--`],
  ['another disposition', `${whole.replace('form-data', 'attachment')}--b--`],
  ['a header twice', `${whole.replace('\r\n\r\n', '\r\ncontent-disposition: x\r\n\r\n')}--b--`],
  ['headers of 10 KB', `${part('n'.repeat(10_000), 'a')}--b--`],
  ['a folded header', `${whole.replace('; name', ';\r\n name')}--b--`],
  ['a bare line feed in a name', `${part('na\nme', 'a')}--b--`],
  ['a type that is none', `${typed('x', 'a')}--b--`],
  ['bytes that are not UTF-8', `${part('name', '\xe9')}--b--`],
  ['bytes that are not as declared', `${typed('text/plain; charset=utf-8', '\xe9')}--b--`],
  ['a text right behind a delimiter', `${whole.replace('--b', '--bx')}--b--`],
  ['nothing', ''],
])('a body with %s is malformed, and nothing is stored', async (_, body, contentType = type) => {
  expect(await send(body, contentType)).toEqual({
    status: 400,
    answers: undefined,
    detail: expect.stringMatching(/^Expected /),
  })
})

test.each([
  ['an escaped quote', 'a%22b', 'a"b'],
  ['a quote behind a backslash', 'a\\"b', 'a"b'],
  ['an escaped line end', 'a%0D%0Ab', 'a\\u{d}\\u{a}b'],
  ['a percent sign', 'a%41', 'a%41'],
])('%s in a name is read', async (_, name, wrong) => {
  const { status, errors } = await post(whole + part(name, 'x'))
  expect([status, Object.keys(errors ?? {})]).toEqual([422, [wrong]])
})

test('what browsers and Node send is read', async () => {
  const data = new FormData()
  data.append('name', 'é–中')
  data.append('lines', '1\n2')
  for (const choice of ['a', 'c']) data.append('some', choice)
  const request = new Request('http://a', { method: 'POST', body: data })
  const body = Buffer.from(await request.arrayBuffer())
  expect(await send(body, request.headers.get('content-type') ?? '')).toEqual(
    accepted({ name: 'é–中', lines: '1\n2', some: ['a', 'c'] }),
  )
})

test('thousands of parts are read, and more than 10,000 are refused', async () => {
  // Short parts, so that they fit into the limit of the body.
  const short = '--b\r\ncontent-disposition:form-data;name=_\r\n\r\n\r\n'
  const { status } = await post(whole + short.repeat(1_000))
  expect(status).toBe(202)
  const most = `${'\r\n--b'.repeat(maxPairs + 1)}`
  expect(await send(`${most}\r\n--b--`, type)).toEqual({
    status: 400,
    answers: undefined,
    detail: `Expected at most ${maxPairs} names`,
  })
})
