// Starts a mailbox for a test, with a real SMTP client.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from '@jest/globals'
import { createTransport } from 'nodemailer'
import type { FaultReport } from './faults.ts'
import { type MailboxOptions, openMailbox } from './mailbox.ts'
import type { Mail } from './store.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  undo.push(() => rmSync(folder, { recursive: true }))
  return join(folder, 'mailbox.sqlite')
}

/** A mail as the tasks send it. */
export const mail = {
  from: 'Formstream <forms@example.org>',
  to: 'ann@example.com',
  subject: 'Thank you, Ann',
  text: 'We have your answers.',
  html: '<p>We have your <b>answers</b>.</p>',
  messageId: '<one@example.org>',
}

export async function startMailbox(options: Partial<MailboxOptions> = {}) {
  const mailbox = await openMailbox({
    file: temporaryFile(),
    host: '127.0.0.1',
    ports: { page: 0, smtp: 0 },
    ...options,
  })
  const close = once(mailbox.close)
  undo.push(close)
  const url = `http://127.0.0.1:${mailbox.ports.page}`
  return { ...mailbox, url, close, ...clientsOf(url, mailbox.ports.smtp) }
}

export function clientsOf(url: string, smtpPort: number) {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort })
  const json = { 'content-type': 'application/json' }
  return {
    send: (other: object = {}) => transport.sendMail({ ...mail, ...other }),
    messages: async () => (await (await fetch(`${url}/messages`)).json()) as Mail[],
    setFaults: (faults: unknown) =>
      fetch(`${url}/faults`, { method: 'PUT', headers: json, body: JSON.stringify(faults) }),
    report: async () => (await (await fetch(`${url}/faults`)).json()) as FaultReport,
  }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => {
    closed ??= close()
    return closed
  }
}
