// A mail server for tests, which can refuse, hang and drop connections at each step.
import { EventEmitter, once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** Text of an answer such as `550 5.1.1 No such user`, or what happens in place of an answer. */
type Answer = string | 'close' | 'hang'

export interface Behaviour {
  /** After the connection. */
  greeting?: Answer
  /** To a login with any password. */
  login?: Answer
  sender?: Answer
  recipient?: Answer | ((address: string) => Answer | undefined)
  /** While the mail is on its way. */
  halfway?: 'close'
  /** To the dot that ends the mail. The server has the mail even then. */
  mail?: Answer
}

export interface ReceivedMail {
  raw: string
  from: string
  to: string[]
}

export interface TestServer {
  url: string
  mails: ReceivedMail[]
  behave(behaviour: Behaviour): void
  /** Resolves when the server has the next mail, whatever it answers. */
  received(): Promise<void>
  connections(): number
  close(): Promise<void>
}

export async function startMailServer(): Promise<TestServer> {
  const sockets = new Set<Socket>()
  const mails: ReceivedMail[] = []
  let behaviour: Behaviour = {}
  let opened = 0
  const arrivals = new EventEmitter()
  const reply = (answer: Answer | undefined, done: (error?: Error | null) => void) => {
    if (answer === 'close') for (const socket of sockets) socket.destroy()
    else if (answer !== 'hang') done(answer ? errorOf(answer) : null)
  }
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    closeTimeout: 1,
    logger: false,
    onConnect: (_, done) => reply(behaviour.greeting, done),
    onAuth: ({ username }, _, done) =>
      reply(behaviour.login, (error) => done(error, { user: username ?? '' })),
    onMailFrom: (_, __, done) => reply(behaviour.sender, done),
    onRcptTo({ address }, _, done) {
      const { recipient } = behaviour
      reply(typeof recipient === 'function' ? recipient(address) : recipient, done)
    },
    async onData(stream, { envelope }, done) {
      if (behaviour.halfway) return reply(behaviour.halfway, done)
      const raw = await text(stream)
      const from = envelope.mailFrom ? envelope.mailFrom.address : ''
      mails.push({ raw, from, to: envelope.rcptTo.map(({ address }) => address) })
      arrivals.emit('mail')
      reply(behaviour.mail, done)
    },
  })
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    opened += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://user:a-password@127.0.0.1:${port}`,
    mails,
    behave: (next) => {
      behaviour = next
    },
    received: async () => void (await once(arrivals, 'mail')),
    connections: () => opened,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function errorOf(answer: string): Error {
  const [, responseCode, message] = /^(\d{3}) (.*)$/.exec(answer) ?? []
  return Object.assign(new Error(message), { responseCode: Number(responseCode) })
}
