// Mails over real SMTP: what is kept, and what each fault does to the client.
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from '@jest/globals'
import { mail, startMailbox, temporaryFile } from './mailbox.fixture.ts'

test('a mail is kept with its content, newest first', async () => {
  const { send, messages } = await startMailbox()
  await send()
  await send({
    to: ['bob@example.com', 'cyd@example.com'],
    bcc: 'dan@example.com',
    html: undefined,
  })
  expect(await messages()).toEqual([
    {
      ...{ id: '2', from: mail.from, subject: mail.subject, messageId: mail.messageId },
      to: 'bob@example.com, cyd@example.com, dan@example.com',
      ...{ text: expect.stringContaining(mail.text), html: null },
      receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    },
    expect.objectContaining({ id: '1', to: mail.to, html: expect.stringContaining('<b>') }),
  ])
})

test('mails survive a restart, and are deleted on demand', async () => {
  const file = temporaryFile()
  const first = await startMailbox({ file })
  await first.send()
  await first.close()
  const { url, send, messages } = await startMailbox({ file })
  expect(await messages()).toHaveLength(1)
  expect((await fetch(`${url}/messages`, { method: 'DELETE' })).status).toBe(204)
  expect(await messages()).toEqual([])
  await send()
  expect(await messages()).toMatchObject([{ id: '2' }])
})

test.each([
  [{ mails: 3, bytes: 1_000_000 }, 3],
  [{ mails: 100, bytes: 1500 }, 2],
  [{ mails: 100, bytes: 1 }, 1],
])('with the limits %j the oldest of five mails are deleted', async (limits, kept) => {
  const { send, messages } = await startMailbox({ limits })
  for (let n = 1; n <= 5; n += 1) await send({ subject: `mail ${n}` })
  const newest = ['mail 5', 'mail 4', 'mail 3'].slice(0, kept)
  expect((await messages()).map(({ subject }) => subject)).toEqual(newest)
})

test.each([
  ['rcpt4xx', 450],
  ['rcpt5xx', 550],
  ['data4xx', 451],
  ['data5xx', 554],
])('%s: the client gets %i, and the mail is not kept', async (fault, responseCode) => {
  const { send, messages, setFaults, report } = await startMailbox()
  await setFaults({ [fault]: { next: 1 } })
  await expect(send()).rejects.toMatchObject({ responseCode })
  expect(await messages()).toEqual([])
  await send()
  expect(await messages()).toHaveLength(1)
  expect(await report()).toMatchObject({
    set: { [fault]: { next: 0 } },
    occurred: { [fault]: 1 },
  })
})

test('lostAnswer: the mail is kept, but the client gets no answer', async () => {
  const { send, messages, setFaults } = await startMailbox()
  await setFaults({ lostAnswer: 1 })
  await expect(send()).rejects.toThrow('Connection closed')
  expect(await messages()).toHaveLength(1)
})

test('hang: the client gets no answer for a time, and the mail is not kept', async () => {
  const { send, messages, setFaults, report } = await startMailbox()
  await setFaults({ hang: 1, hangSeconds: 0.2 })
  const began = performance.now()
  await expect(send()).rejects.toMatchObject({ responseCode: 451 })
  expect(performance.now() - began).toBeGreaterThan(190)
  expect(await messages()).toEqual([])
  expect(await report()).toMatchObject({ occurred: { hang: 1 } })
})

test('a mail that hangs does not keep the mailbox from closing', async () => {
  const { send, setFaults, report, close } = await startMailbox()
  await setFaults({ hang: 1, hangSeconds: 3600 })
  const hanging = expect(send()).rejects.toThrow()
  while (!(await report()).occurred.hang);
  await close()
  await hanging
})

test('greylist: the first mail of each pair of sender and recipient must be tried again', async () => {
  const { send, messages, setFaults, report } = await startMailbox()
  await setFaults({ greylist: 1 })
  await expect(send()).rejects.toMatchObject({ responseCode: 451 })
  await send()
  await send()
  await expect(send({ to: 'bob@example.com' })).rejects.toMatchObject({ responseCode: 451 })
  await expect(send({ from: 'x@example.org' })).rejects.toMatchObject({ responseCode: 451 })
  expect(await messages()).toHaveLength(2)
  expect((await report()).occurred).toEqual({ greylist: 3 })
})

test('a share of the mails fails', async () => {
  const { send, messages, setFaults, report } = await startMailbox()
  await setFaults({ data4xx: 0.5 })
  const results = await Promise.allSettled(Array.from({ length: 100 }, () => send()))
  const failed = results.filter(({ status }) => status === 'rejected').length
  expect(failed).toBeGreaterThan(10)
  expect(failed).toBeLessThan(90)
  expect((await report()).occurred).toEqual({ data4xx: failed })
  expect(await messages()).toHaveLength(100 - failed)
})

test.each([
  [{ rcpt4xx: 2 }, /rcpt4xx: expected a share from 0 to 1, or .*, found 2/],
  [{ data4xx: { next: -1 } }, /data4xx: expected a share .*, found {\\"next\\":-1}/],
  [{ hangSeconds: 'x' }, /hangSeconds: .* expected number.*, found \\"x\\"/],
  [{ rate: 1 }, /expected only rcpt4xx, rcpt5xx, .*, found {\\"rate\\":1}/],
  [null, /found null/],
])('the faults %j are refused, and those before stay', async (faults, message) => {
  const { setFaults, report } = await startMailbox()
  await setFaults({ hang: 0.5 })
  const response = await setFaults(faults)
  expect(response.status).toBe(400)
  expect(await response.text()).toMatch(message)
  expect((await report()).set.hang).toBe(0.5)
})

test('a mail that is too large is refused', async () => {
  const { send, messages } = await startMailbox()
  const large = { text: 'x'.repeat(11 * 1024 * 1024) }
  await expect(send(large)).rejects.toMatchObject({ responseCode: 552 })
  expect(await messages()).toEqual([])
})

test('a mail that no parser reads is kept as its source', async () => {
  const { url, ports, messages } = await startMailbox()
  const socket = connect(ports.smtp, '127.0.0.1')
  const said = text(socket)
  const lines = [
    'EHLO here',
    'MAIL FROM:<>',
    'RCPT TO:<ann@example.com>',
    'DATA',
    'no header at all',
  ]
  socket.once('data', () => socket.write(`${[...lines, '.', 'QUIT', ''].join('\r\n')}`))
  expect(await said).toContain('250 ')
  expect(await messages()).toMatchObject([{ from: '', to: 'ann@example.com', subject: '' }])
  expect(await (await fetch(`${url}/mails/1/source`)).text()).toContain('no header at all')
})

test('pages of other sites neither read mails nor submit them', async () => {
  const { url, ports, messages } = await startMailbox()
  const headers = { origin: 'http://elsewhere.example' }
  expect((await fetch(`${url}/messages`, { headers })).status).toBe(403)
  const body = 'EHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<a@b.c>\r\nDATA\r\nx\r\n.\r\n'
  await expect(fetch(`http://127.0.0.1:${ports.smtp}/`, { method: 'POST', body })).rejects.toThrow()
  expect(await messages()).toEqual([])
})
