// What each answer and each failure of a mail server means for a mail, tried on a real server.
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { RetryLater } from '#kit/errors.ts'
import { makeLog } from '#kit/events.fixture.ts'
import { type Letter, Mailer, type MailerOptions } from './mailer.ts'
import { type Behaviour, startMailServer, type TestServer } from './server.fixture.ts'

let server: TestServer
const open: Mailer[] = []

beforeAll(async () => {
  server = await startMailServer()
})
afterEach(() => {
  for (const mailer of open.splice(0)) mailer.close()
  server.behave({})
  server.mails.length = 0
})
afterAll(() => server.close())

const letter: Letter = {
  to: 'ann@example.com',
  subject: 'Thanks',
  text: 'Hello',
  messageId: '<s-1.person@example.org>',
}

function makeMailer(options: Partial<MailerOptions> = {}) {
  const { log, lines } = makeLog()
  const from = { name: 'Office', address: 'office@example.org' }
  const mailer = new Mailer({ url: server.url, from, log, ...options })
  open.push(mailer)
  return { mailer, lines }
}

const never = new AbortController().signal

/** The result of an attempt: `sent`, `refused`, `not-sent` (a retry is right) or `unknown`. */
async function resultOf(behaviour: Behaviour, options: Partial<MailerOptions> = {}) {
  server.behave(behaviour)
  const { mailer } = makeMailer(options)
  return outcome(mailer)
}

async function outcome(mailer: Mailer, signal = never) {
  try {
    return (await mailer.send(letter, signal)).state
  } catch (error) {
    return error instanceof RetryLater ? 'not-sent' : 'unknown'
  }
}

test('a mail that the server takes is sent', async () => {
  expect(await resultOf({})).toBe('sent')
  expect(server.mails).toMatchObject([{ from: 'office@example.org', to: ['ann@example.com'] }])
})

test.each([
  '550 No such user',
  '550 5.1.1 No such user',
  '550 No such user <relay@example.com>',
  '553 5.1.3 Bad address',
  '552 5.2.2 Mailbox full',
  '550 5.4.1 Recipient address rejected: Access denied',
  '556 5.1.10 The domain takes no mail',
])('the address is refused by the answer %s to it', async (recipient) => {
  expect(await resultOf({ recipient })).toBe('refused')
  expect(server.mails).toEqual([])
})

test.each([
  '450 4.2.0 Greylisted',
  '421 4.3.2 Shutting down',
  '554 5.7.1 Relay access denied',
  // Exim, Postfix and qmail.
  '550 relay not permitted',
  '550 Sender verify failed',
  '550 5.1.0 <office@example.org>: Sender address rejected: User unknown in virtual mailbox table',
  "553 sorry, that domain isn't in my list of allowed rcpthosts",
  '550 Rejected because 192.0.2.1 is in a black list',
  '554 5.4.6 Too many hops',
  '552 5.2.3 Message too large',
  '550 5.7.1 Client host blocked',
  '553 5.1.8 Sender address rejected',
  '530 5.7.0 Authentication required',
  '503 Bad sequence',
  '554 Transaction failed',
])('the address is not refused by the answer %s to it', async (recipient) => {
  expect(await resultOf({ recipient })).toBe('not-sent')
  expect(server.mails).toEqual([])
})

const beforeTheMail: [string, Behaviour][] = [
  ['the server refuses the connection', { greeting: '554 No service' }],
  ['the server closes the connection', { greeting: 'close' }],
  ['the login is refused', { login: '535 5.7.8 Bad credentials' }],
  ['the login fails for now', { login: '454 4.7.0 Later' }],
  ['the connection ends at the login', { login: 'close' }],
  ['the sender is refused', { sender: '550 5.1.8 Not your domain' }],
  ['the sender is refused without a reason', { sender: '550 No' }],
  ['the connection ends at the sender', { sender: 'close' }],
  ['the connection ends at the recipient', { recipient: 'close' }],
  ['the connection ends in the middle of the mail', { halfway: 'close' }],
]
test.each(beforeTheMail)('nothing was sent if %s', async (_, behaviour) => {
  expect(await resultOf(behaviour)).toBe('not-sent')
  expect(server.mails).toEqual([])
})

const hangs: [string, Behaviour][] = [
  ['the login', { login: 'hang' }],
  ['the sender', { sender: 'hang' }],
  ['the recipient', { recipient: 'hang' }],
]
test.each(hangs)('nothing was sent if the server hangs at %s', async (_, behaviour) => {
  expect(await resultOf(behaviour, { deadline: 300 })).toBe('not-sent')
})

test('nothing was sent if no server listens or its name is unknown', async () => {
  expect(await resultOf({}, { url: 'smtp://127.0.0.1:1' })).toBe('not-sent')
  expect(await resultOf({}, { url: 'smtp://mail.invalid' })).toBe('not-sent')
})

test.each(['451 4.3.0 Later', '554 5.6.0 Content refused', '552 Too large', '421 Shutting down'])(
  'nothing was sent if the server answers the mail with %s',
  async (mail) => {
    expect(await resultOf({ mail })).toBe('not-sent')
  },
)

test('the address is refused if the server says so after the mail', async () => {
  expect(await resultOf({ mail: '550 5.1.1 No such user' })).toBe('refused')
})

test('nothing is sent without TLS to another machine, unless the URL permits it', async () => {
  // Reaches this machine too, by an address that does not say so.
  const url = server.url.replace('127.0.0.1', '0.0.0.0')
  expect(await resultOf({}, { url })).toBe('not-sent')
  expect(await resultOf({}, { url: `${url}?requireTLS=false` })).toBe('sent')
  expect(server.mails).toHaveLength(1)
})

test('the result is unknown if the answer to the mail is lost', async () => {
  expect(await resultOf({ mail: 'close' })).toBe('unknown')
  expect(server.mails).toHaveLength(1)
})

test('the result is unknown if the answer to the mail does not come in time', async () => {
  server.behave({ mail: 'hang' })
  const controller = new AbortController()
  const received = server.received()
  const sending = outcome(makeMailer().mailer, controller.signal)
  await received
  controller.abort()
  expect(await sending).toBe('unknown')
})

test('the same holds for mails with a signature', async () => {
  const { generateKeyPairSync } = await import('node:crypto')
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const dkim = { domainName: 'example.org', keySelector: 'a', privateKey }
  expect(await resultOf({ recipient: 'close' }, { dkim })).toBe('not-sent')
  expect(await resultOf({ mail: 'close' }, { dkim })).toBe('unknown')
  expect(await resultOf({}, { dkim })).toBe('sent')
  expect(server.mails.map(({ raw }) => raw.includes('DKIM-Signature:'))).toEqual([true, true])
})

test('a mail that is called off while it waits was not sent', async () => {
  server.behave({ recipient: 'hang' })
  const { mailer } = makeMailer()
  const controller = new AbortController()
  const sending = Array.from({ length: 10 }, () => outcome(mailer, controller.signal))
  controller.abort()
  expect(new Set(await Promise.all(sending))).toEqual(new Set(['not-sent']))
})

test('a connection is used again, also after a refused address', async () => {
  const { mailer } = makeMailer()
  const before = server.connections()
  for (const recipient of [
    undefined,
    undefined,
    undefined,
    '550 5.1.1 No such user',
    undefined,
    undefined,
  ]) {
    server.behave(recipient ? { recipient } : {})
    await outcome(mailer)
  }
  // The session is reset after a refusal, which may still be under way when the next mail is there.
  expect(server.connections() - before).toBeLessThanOrEqual(2)
  expect(server.mails).toHaveLength(5)
})

test('the server is a problem until it takes a mail, and its log has no address', async () => {
  const { mailer, lines } = makeMailer()
  server.behave({ login: '535 5.7.8 Bad credentials for <office@example.org>' })
  expect(await outcome(mailer)).toBe('not-sent')
  expect(await outcome(mailer)).toBe('not-sent')
  expect(mailer.problem()).toBe('535 5.7.8 Bad credentials for <address>')
  expect(lines()).toMatchObject([{ level: 40, reason: '535 5.7.8 Bad credentials for <address>' }])
  server.behave({})
  expect(await outcome(mailer)).toBe('sent')
  expect(mailer.problem()).toBeUndefined()
})
