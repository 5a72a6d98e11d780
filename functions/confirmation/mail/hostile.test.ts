// Answers that try to add headers, recipients, code or other texts to a mail. The mails go through a real server and a real parser.
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser'
import { silent } from '#kit/events.fixture.ts'
import { formOf } from '#kit/forms/form.fixture.ts'
import { Options } from '../options.ts'
import { Mailer } from '../smtp/mailer.ts'
import { startMailServer, type TestServer } from '../smtp/server.fixture.ts'
import { type Content, toOwners, toPerson } from './letters.ts'
import { messageIdOf } from './message-id.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

let server: TestServer
let mailer: Mailer

beforeAll(async () => {
  server = await startMailServer()
  mailer = new Mailer({
    url: server.url,
    from: { name: 'Büro', address: 'office@example.org' },
    dkim: { domainName: 'example.org', keySelector: 'mail', privateKey },
    log: silent,
  })
})
beforeEach(() => {
  server.mails.length = 0
})
afterAll(async () => {
  mailer.close()
  await server.close()
})

const form = {
  ...formOf({ name: '{ type: text }', about: '{ type: multiline }', email: '{ type: email }' }),
  id: 'demo',
  title: 'Summer school',
}

const options = Options.parse({
  to: 'email',
  echo: true,
  subject: 'Thanks, {{ name }}',
  text: 'Dear {{ name }},\n{{ about }}\nBye',
  html: '<p>Dear {{ name }}, {{ about }}</p>',
  languages: { hi: { subject: 'धन्यवाद {{ name }}', text: 'नमस्ते {{ name }}', html: '<p>नमस्ते</p>' } },
})

async function send(content: Content, to = 'ann@example.com', id = 's-1') {
  const messageId = messageIdOf(id, 'person', 'office@example.org')
  await mailer.send({ ...content, to, messageId }, new AbortController().signal)
  const { raw, ...envelope } = server.mails.at(-1)!
  return { raw, envelope, mail: await simpleParser(raw) }
}

const addressesOf = (field: AddressObject | AddressObject[] | undefined): string[] =>
  [field ?? []].flat().flatMap(({ value }) => value.flatMap(({ address }) => address ?? []))

const headersOf = (mail: ParsedMail): string[] => [...mail.headers.keys()].toSorted()

const usual = [
  ...['auto-submitted', 'content-type', 'date', 'dkim-signature', 'from', 'message-id'],
  ...['mime-version', 'subject', 'to'],
]

const hostile = [
  '{{ form.title }}{% for a in (1..99) %}x{% endfor %}',
  '{{ "x" | append: submission.id }}',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"><a href="javascript:alert(1)">x</a>',
  'Ann\r\nBcc: all@example.com',
  'Ann\nContent-Type: text/html\n\n<b>x</b>',
  'Ann\rX-Evil: 1\u2028X-Evil: 2\u2029\x85X-Evil: 3',
  'Ann%0d%0aBcc:all@example.com',
  '=?utf-8?Q?=0D=0ABcc:=20all@example.com?=',
  '\u202egnp.exe\u202c \u2066x\u2069 \u200fy',
  '\x00\x07\x1b[31m\x7f',
  '\ud800 lone surrogate',
  'x'.repeat(9_000),
  'नमस्ते '.repeat(1_000),
  '.\r\n.\r\nMAIL FROM:<evil@example.com>',
  'Ann <evil@example.com>, b@example.com',
]
const numbered = hostile.map((answer, n): [number, string] => [n, answer])

test.each(numbered)('answer %i stays text in the mail to the person', async (_, answer) => {
  const answers = { name: answer, about: answer, email: 'ann@example.com' }
  const submission = { form, id: 's-1', time: '2026-01-02T03:04:05.000Z', answers }
  const { mail, envelope, raw } = await send(toPerson(options, submission))
  expect(envelope).toEqual({ from: 'office@example.org', to: ['ann@example.com'] })
  expect(headersOf(mail)).toEqual(usual)
  expect(addressesOf(mail.to)).toEqual(['ann@example.com'])
  expect(mail.subject).toMatch(/^Thanks, /)
  expect(mail.subject).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f]/u)
  expect([...(mail.subject ?? '')].length).toBeLessThanOrEqual(250)
  expect(mail.attachments).toEqual([])
  expect(mail.text).toMatch(/^Dear [\s\S]*Bye\n\n\* \* \*\n\nनमस्ते/)
  expect(mail.text).not.toMatch(/[\x00\x07\x1b\u202e\u2066]/)
  // The elements are those of the template: nothing in an answer became one.
  expect(String(mail.html).match(/<(?!\/|br>)[^<>]*/g)).toEqual([
    '<div lang="en"',
    '<p',
    '<hr',
    '<div lang="hi"',
    '<p',
  ])
  expect(raw.split('\r\n').every((line) => line.length <= 998)).toBe(true)
})

test('a template in an answer is printed', async () => {
  const answers = { name: hostile[0] ?? '', about: 'a', email: 'ann@example.com' }
  const submission = { form, id: 's-1', time: '2026-01-02T03:04:05.000Z', answers }
  const { mail } = await send(toPerson(options, submission))
  expect(mail.text).toContain(`Dear ${hostile[0]},`)
})

test.each(numbered)('answer %i stays text in the mail to the owners', async (_, answer) => {
  const answers = { name: answer, about: answer, email: 'ann@example.com' }
  const submission = { form, id: 's-1', time: '2026-01-02T03:04:05.000Z', answers }
  const { mail } = await send({ ...toOwners(submission), replyTo: 'ann@example.com' } as Content)
  expect(headersOf(mail)).toEqual([...usual, 'reply-to', 'content-transfer-encoding'].toSorted())
  expect(mail.subject).toBe('Summer school: a new submission')
  expect(mail.html).toBe(false)
  expect(mail.text).toMatch(
    /\nemail: ann@example\.com\n\nSubmission s-1, 2026-01-02T03:04:05\.000Z\n?$/,
  )
})

test.each(['a b', '<x>', 's-1>\r\nBcc: all@example.com', 'x'.repeat(500), 'ü'])(
  'a submission id of another producer gives a Message-ID that is one: %j',
  (id) => {
    const messageId = messageIdOf(id, 'person', 'office@example.org')
    expect(messageId).toMatch(/^<[0-9a-f]{40}\.person@example\.org>$/)
    expect(messageIdOf(id, 'person', 'office@example.org')).toBe(messageId)
  },
)

test('a mail has the headers of an automatic one, and a name and a domain outside of ASCII', async () => {
  const content = { subject: 'Über', text: 'a', unsubscribe: 'https://example.org/u?a=1' }
  const { mail, raw, envelope } = await send(content, 'ann@xn--bcher-kva.example')
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
  expect(mail.messageId).toBe('<s-1.person@example.org>')
  expect(mail.from?.value).toEqual([{ name: 'Büro', address: 'office@example.org' }])
  expect(raw).toContain('List-Unsubscribe: <https://example.org/u?a=1>\r\n')
  // The server of this test decodes domains.
  expect(envelope.to).toEqual(['ann@bücher.example'])
  expect(raw).toContain('To: ann@xn--bcher-kva.example\r\n')
})

test('the signature is valid, and of this mail only', async () => {
  const key = `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`
  const resolver = async (name: string, type: string) => {
    expect([name, type]).toEqual(['mail._domainkey.example.org', 'TXT'])
    return [[key]]
  }
  const { raw } = await send({ subject: 'Über', text: 'नमस्ते\n.\nMAIL', html: '<p>a</p>' })
  const resultOf = async (text: string) =>
    (await dkimVerify(text, { resolver })).results.map(({ status }) => status.result)
  expect(await resultOf(raw)).toEqual(['pass'])
  expect(await resultOf(raw.replace('Subject:', 'Subject: x'))).toEqual(['fail'])
})
