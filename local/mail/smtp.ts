// Receives mails over SMTP and stores them before it acknowledges them.
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import type { FaultSwitch } from './faults.ts'
import { readMail } from './read-mail.ts'
import type { MailStore } from './store.ts'

const maxSize = 10 * 1024 * 1024
/** Time for open connections at the end, ms: clients keep theirs open for the next mail. */
const closeTimeout = 200

interface SmtpOptions {
  store: MailStore
  faults: FaultSwitch
  onMail: () => void
  onError: (error: Error) => void
}

export function createSmtp({ store, faults, onMail, onError }: SmtpOptions) {
  const ending = new AbortController()
  // By the client's port, which a session knows too.
  const sockets = new Map<number, Socket>()

  const server = new SMTPServer({
    name: 'mailbox',
    size: maxSize,
    rejectOversized: true,
    // Only this machine reaches it, and it accepts mails of everybody.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout,
    onRcptTo({ address }, { envelope: { mailFrom } }, done) {
      const sender = mailFrom ? mailFrom.address : ''
      if (faults.occurs('rcpt5xx')) done(refusal(550, 'No such recipient here'))
      else if (faults.occurs('rcpt4xx')) done(refusal(450, 'Mailbox busy, try again later'))
      else if (faults.greylists(sender, address)) done(refusal(451, 'Greylisted, try again later'))
      else done()
    },
    onData(stream, session, done) {
      receive(stream, session).then(
        () => done(null, 'Stored'),
        (error: Error) => done(error),
      )
    },
  })
  server.on('error', onError)
  server.server.on('connection', (socket: Socket) => {
    const port = Number(socket.remotePort)
    sockets.set(port, socket)
    socket.once('close', () => sockets.delete(port))
  })

  async function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const source = await buffer(stream)
    // The server refuses it with 552.
    if (stream.sizeExceeded) return
    await beforeStored()
    const to = session.envelope.rcptTo.map(({ address }) => address).join(', ')
    store.add(await readMail(source), to, source)
    onMail()
    if (faults.occurs('lostAnswer')) sockets.get(session.remotePort)?.destroy()
  }

  async function beforeStored(): Promise<void> {
    if (faults.occurs('data5xx')) throw refusal(554, 'Mail refused')
    if (faults.occurs('data4xx')) throw refusal(451, 'Not stored, try again later')
    if (!faults.occurs('hang')) return
    await sleep(faults.hangMs(), undefined, { signal: ending.signal }).catch(() => {})
    throw refusal(451, 'Not stored after a long time, try again later')
  }

  return {
    listen: (host: string, port: number) =>
      new Promise<number>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve((server.server.address() as { port: number }).port)
        })
      }),
    close: () =>
      new Promise<void>((resolve) => {
        ending.abort()
        server.close(() => {
          for (const socket of sockets.values()) socket.destroy()
          resolve()
        })
      }),
  }
}

/** `responseCode`: as the library expects it. */
const refusal = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode })
