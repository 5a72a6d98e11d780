// A stand-in for a mail server on one machine: receives mails over SMTP, keeps them on disk and shows them.
import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buildApp } from './app.ts'
import { createFaults } from './faults.ts'
import { createSmtp } from './smtp.ts'
import { type Limits, openStore } from './store.ts'

export interface MailboxOptions {
  file: string
  host: string
  /** Of the page, and of the SMTP server. 0: a free port. */
  ports: { page: number; smtp: number }
  limits?: Limits
}

export interface Mailbox {
  ports: { page: number; smtp: number }
  warn: (text: string) => void
  close: () => Promise<void>
}

export async function openMailbox(options: MailboxOptions): Promise<Mailbox> {
  const { file, host, ports, limits } = options
  const store = openStore(file, limits)
  const faults = createFaults()
  const changes = new EventEmitter().setMaxListeners(0)
  const app = buildApp({ store, faults, changes, host })
  const smtp = createSmtp({
    store,
    faults,
    onMail: () => changes.emit('change'),
    onError: (error) => app.log.error(error),
  })
  async function close(): Promise<void> {
    await Promise.all([smtp.close(), app.close()])
    store.close()
  }
  try {
    await app.listen({ host, port: ports.page })
    const { port: page } = app.server.address() as AddressInfo
    const mailbox = { page, smtp: await smtp.listen(host, ports.smtp) }
    return { ports: mailbox, warn: (text) => app.log.warn(text), close }
  } catch (error) {
    await close()
    throw error
  }
}
