// The task end to end, from the event to a real mail server, without the rest of the product.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { simpleParser } from 'mailparser'
import { submissionValidated } from '#kafka/events.ts'
import { readConfig } from '#kit/config.ts'
import type { EffectInput, Effects, Outcome } from '#kit/effects/effects.ts'
import { RetryLater } from '#kit/errors.ts'
import { eventOf, makeLog, silent } from '#kit/events.fixture.ts'
import { formOf } from '#kit/forms/form.fixture.ts'
import { Config } from './config.ts'
import { type MailClient, openMail } from './open-mail.ts'
import { Options } from './options.ts'
import { startMailServer, type TestServer } from './smtp/server.fixture.ts'
import task from './task.ts'

let server: TestServer
let folder: string
let clients: MailClient

const openClients = (environment: Record<string, string> = {}, log = silent) =>
  openMail(
    readConfig(Config, {
      DATA_DIR: folder,
      SMTP_URL: server.url,
      SMTP_FROM: 'Office <office@example.org>',
      ...environment,
    }),
    log,
  )

beforeAll(async () => {
  server = await startMailServer()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-mail-'))
  clients = await openClients()
  server.behave({})
  server.mails.length = 0
})
afterEach(async () => {
  await clients.close?.()
  await rm(folder, { recursive: true, force: true })
})
afterAll(() => server.close())

const form = {
  ...formOf({
    name: '{ type: text, label: Your name }',
    comment: '{ type: multiline, required: false }',
    terms: '{ type: boolean, required: false }',
    email: '{ type: email, required: false }',
  }),
  id: 'demo',
  title: 'Feedback',
}

const toPerson = { to: 'email', subject: 'Thanks', text: 'We have it: {{ submission.id }}' }
const owners = ['one@example.org', 'two@example.org']

/** A ledger without a memory. */
const effects: Effects = {
  async run(_, effect) {
    const result = await effect({ repeated: false, signal: new AbortController().signal })
    return { state: 'done', result, unknown: 0 }
  },
}

interface Given {
  options?: object
  answers?: Record<string, string | boolean>
  id?: string
  ledger?: Effects
}

/** The data of the events that follow. */
async function handle({ options = toPerson, answers = {}, id = 's-1', ledger = effects }: Given) {
  const all = { name: 'Ann', email: 'ann@example.com', ...answers }
  const event = eventOf(submissionValidated({ version: 'v', answers: all }), { subject: id })
  const { time = '', subject = '', form: formId } = event
  const drafts = await task.handle({
    event,
    cause: { id: event.id, subject, time, form: formId },
    form,
    options: Options.parse(options),
    clients,
    effects: ledger,
    log: silent,
  })
  return drafts.map(({ data }) => data)
}

test('the person gets a mail, and the event says so', async () => {
  const messageId = '<s-1.person@example.org>'
  expect(await handle({})).toEqual([{ to: 'person', state: 'sent', messageId, unknown: 0 }])
  expect(server.mails.map(({ to }) => to)).toEqual([['ann@example.com']])
  const mail = await simpleParser(server.mails[0]?.raw ?? '')
  expect([mail.subject, mail.text?.trim(), mail.messageId]).toEqual([
    'Thanks',
    'We have it: s-1',
    messageId,
  ])
})

test('each owner gets a mail with all answers, and their answer goes to the person', async () => {
  const answers = { comment: 'one\ntwo', terms: true }
  const confirmed = await handle({ options: { ...toPerson, owners }, answers })
  expect(confirmed).toMatchObject([
    { to: 'person', state: 'sent' },
    { to: 'owners', state: 'sent', messageId: '<s-1.owners@example.org>' },
  ])
  const [one, two, ...others] = server.mails.filter(({ raw }) => raw.includes('.owners@'))
  expect([one?.to, two?.to].toSorted()).toEqual(owners.map((to) => [to]))
  expect(others).toEqual([])
  const mail = await simpleParser(one?.raw ?? '')
  expect(mail.subject).toBe('Feedback: a new submission')
  expect(mail.replyTo?.text).toBe('ann@example.com')
  expect(mail.text?.trim()).toBe(
    'Your name: Ann\ncomment:\n  one\n  two\nterms: yes\nemail: ann@example.com\n\nSubmission s-1, 2026-01-02T03:04:05.000Z',
  )
})

test.each([undefined, 'no address', 'a@example.com, b@example.com', 'Ann <a@example.com>'])(
  'nobody gets a mail if the answer is %s',
  async (email) => {
    const answers = { email } as Record<string, string>
    expect(await handle({ answers })).toEqual([{ to: 'person', state: 'no-address', unknown: 0 }])
    expect(server.mails).toEqual([])
  },
)

test('a refused address gets no further mail of this form', async () => {
  server.behave({ recipient: '550 5.1.1 No such user <ann@example.com>' })
  expect(await handle({})).toEqual([
    { to: 'person', state: 'bounced', reason: '550 5.1.1 No such user <address>', unknown: 0 },
  ])
  server.behave({})
  expect(await handle({ id: 's-2', answers: { email: 'ANN@example.com' } })).toMatchObject([
    { state: 'bounced', reason: 'An earlier mail to this address was refused' },
  ])
  expect(server.mails).toEqual([])
  expect(await handle({ id: 's-3', answers: { email: 'bob@example.com' } })).toMatchObject([
    { state: 'sent' },
  ])
})

test('a problem of ours refuses no address', async () => {
  for (const behaviour of [
    { login: '535 No' },
    { sender: '550 No' },
    { recipient: '554 5.7.1 No' },
  ]) {
    server.behave(behaviour)
    await expect(handle({})).rejects.toThrow(RetryLater)
  }
  expect(clients.notes?.()).toEqual({ mails: '554 5.7.1 No' })
  server.behave({})
  expect(await handle({})).toMatchObject([{ state: 'sent' }])
  expect(clients.notes?.()).toEqual({})
})

test('an address gets five mails an hour; a further attempt for the same mail is none', async () => {
  const sent = async (id: string) => (await handle({ id }))[0]?.state
  server.behave({ recipient: '450 Later' })
  await expect(sent('s-1')).rejects.toThrow(RetryLater)
  server.behave({})
  const states: (string | undefined)[] = []
  for (const n of [1, 2, 3, 4, 5, 6]) states.push(await sent(`s-${n}`))
  expect(states).toEqual(['sent', 'sent', 'sent', 'sent', 'sent', 'limited'])
  expect(await sent('s-5')).toBe('sent')
  await clients.close?.()
  clients = await openClients()
  expect(await sent('s-7')).toBe('limited')
})

test('a mail whose result is unknown is a fault, so that the ledger counts it', async () => {
  server.behave({ mail: 'close' })
  const failed = handle({})
  await expect(failed).rejects.toThrow('may have taken the mail')
  await expect(failed).rejects.not.toThrow(RetryLater)
})

test('the unknown results of the ledger are in the event', async () => {
  const run: Effects['run'] = async (name, effect) =>
    name === 'person'
      ? { ...(await effects.run(name, effect)), unknown: 2 }
      : { state: 'unknown', unknown: 1 }
  expect(await handle({ options: { ...toPerson, owners }, ledger: { run } })).toMatchObject([
    { to: 'person', state: 'sent', unknown: 2 },
    { to: 'owners', state: 'unknown', unknown: 2 },
  ])
})

test('the mail to the owners goes out though the one to the person does not', async () => {
  server.behave({ recipient: (to) => (to === 'ann@example.com' ? '450 Later' : undefined) })
  await expect(handle({ options: { ...toPerson, owners } })).rejects.toThrow(RetryLater)
  expect(server.mails.flatMap(({ to }) => to).toSorted()).toEqual(owners)
})

/** A ledger that remembers what is done. */
function remembering(): Effects {
  const done = new Map<string, unknown>()
  return {
    async run<Result>(name: string, effect: (input: EffectInput) => Promise<Result>) {
      if (!done.has(name)) done.set(name, await effects.run(name, effect))
      return done.get(name) as Outcome<Result>
    },
  }
}

test('an owner whose server wants the mail later gets it later, and the others get it once', async () => {
  const given = { options: { owners }, ledger: remembering() }
  server.behave({ recipient: (to) => (to === owners[0] ? '450 4.2.0 Greylisted' : undefined) })
  await expect(handle(given)).rejects.toThrow(RetryLater)
  expect(server.mails.map(({ to }) => to)).toEqual([[owners[1]]])
  server.behave({})
  expect(await handle(given)).toMatchObject([{ to: 'owners', state: 'sent' }])
  expect(server.mails.map(({ to }) => to)).toEqual([[owners[1]], [owners[0]]])
})

test('an owner whose address is refused keeps no mail from the others, and the event tells it', async () => {
  server.behave({ recipient: (to) => (to === owners[0] ? '550 5.1.1 No such user' : undefined) })
  expect(await handle({ options: { owners } })).toMatchObject([
    { to: 'owners', state: 'sent', reason: '1 of the addresses: 550 5.1.1 No such user' },
  ])
  expect(server.mails.map(({ to }) => to)).toEqual([[owners[1]]])
})

test('without a mail server mails wait, and the process says so', async () => {
  await clients.close?.()
  const { log, lines } = makeLog()
  clients = await openClients({ SMTP_URL: '', SMTP_FROM: '' }, log)
  expect(lines()).toMatchObject([{ level: 40, msg: expect.stringContaining('SMTP_URL') }])
  expect(clients.notes?.()).toMatchObject({ mails: expect.stringContaining('SMTP_URL') })
  await expect(handle({})).rejects.toThrow(RetryLater)
})
