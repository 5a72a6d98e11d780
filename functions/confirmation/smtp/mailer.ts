// Sends mails over SMTP, and tells for each attempt whether the mail certainly went out, certainly did not, or may have.
import type { Readable } from 'node:stream'
import nodemailer from 'nodemailer'
import DKIM from 'nodemailer/lib/dkim'
import type Mail from 'nodemailer/lib/mailer'
import type { Logger } from 'pino'
import { RetryLater } from '#kit/errors.ts'
import type { Sender } from '../config.ts'
import { type Failure, judgeFailure, type Progress } from './judge-failure.ts'

/** A mail without its sender. */
export interface Letter {
  to: string
  subject: string
  text: string
  html?: string
  replyTo?: string
  /** Includes `<` and `>`. */
  messageId: string
  /** A URL for the header List-Unsubscribe. */
  unsubscribe?: string
}

export interface Dkim {
  domainName: string
  keySelector: string
  privateKey: string
}

export interface MailerOptions {
  url: string
  from: Sender
  dkim?: Dkim
  log: Logger
  /** Milliseconds for one attempt, with the wait for a connection. */
  deadline?: number
}

/** `refused`: the server takes no mail for this address, for good. `reason`: its answer, without addresses. */
export type Sent = { state: 'sent' } | { state: 'refused'; reason: string }

/** Connections to the server. A source delivers up to a hundred events at once; mail servers want few connections of a client. */
export const maxConnections = 5

// Milliseconds. The source repeats a delivery that takes a minute, and SIGTERM leaves 25 seconds.
const timeouts = { dnsTimeout: 5_000, connectionTimeout: 10_000, greetingTimeout: 10_000 }
const defaultDeadline = 20_000

export class Mailer {
  #transport: ReturnType<typeof transportFor>
  #from: Sender
  #dkim: Dkim | undefined
  #deadline: number
  #log: Logger
  #problem: string | undefined

  constructor({ url, from, dkim, log, deadline = defaultDeadline }: MailerOptions) {
    this.#transport = transportFor(url, deadline)
    this.#from = from
    this.#dkim = dkim
    this.#deadline = deadline
    this.#log = log
  }

  /**
   * Resolves when the server took the mail or refused the address for good. Throws `RetryLater` if the mail certainly did not go
   * out, and another error if it may have: the connection ended after all of it was sent.
   */
  async send(letter: Letter, signal: AbortSignal): Promise<Sent> {
    const attempt = new Attempt(this.#dkim)
    const ends = AbortSignal.any([signal, AbortSignal.timeout(this.#deadline)])
    try {
      await this.#transport.sendMail({
        ...toMail(letter, this.#from),
        attempt,
        signal: ends,
      } as Mail.Options)
      this.#problem = undefined
      return { state: 'sent' }
    } catch (error) {
      return this.#explain(error as Failure, attempt.progress())
    }
  }

  /** Why mails do not go out, of the last attempt. */
  problem(): string | undefined {
    return this.#problem
  }

  close(): void {
    this.#transport.close()
  }

  #explain(error: Failure, progress: Progress): Sent {
    const { verdict, reason } = judgeFailure(error, progress)
    if (verdict === 'refused') return { state: 'refused', reason }
    if (this.#problem !== reason) this.#log.warn({ reason }, 'a mail did not go out')
    this.#problem = reason
    if (verdict === 'not-sent') throw new RetryLater(`The mail server: ${reason}`)
    throw new Error(`The mail server may have taken the mail: ${reason}`)
  }
}

function transportFor(url: string, deadline: number) {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections,
    maxRequeues: 2,
    ...timeouts,
    socketTimeout: deadline,
    socketCloseTimeout: 1_000,
    // Passwords and answers do not cross a network in plain text. `?requireTLS=false` in the URL permits it.
    requireTLS: !isLoopback(new URL(url).hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // The last step before a mail is sent: its stream is known from here on.
  transport.use('stream', ({ message, data }, done) => {
    const { attempt } = data as { attempt?: Attempt }
    message.processFunc((input) => attempt?.follow(input) ?? input)
    done()
  })
  return transport
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host.startsWith('127.')

/** How far an attempt got. The library tells that a connection ended, but not when. */
class Attempt {
  #dkim: DKIM | undefined
  #stream: Readable | undefined

  constructor(dkim: Dkim | undefined) {
    this.#dkim = dkim && new DKIM(dkim)
  }

  /** Signs here and not by an option of the library, which would put the signature behind the stream that is followed. */
  follow(input: Readable): Readable {
    this.#stream = this.#dkim?.sign(input) ?? input
    return this.#stream
  }

  /** The stream is read only once the server has answered DATA. The dot that ends the mail follows its end. */
  progress(): Progress {
    return this.#stream?.readableEnded ? 'complete' : 'before'
  }
}

function toMail({ to, unsubscribe, ...letter }: Letter, from: Sender): Mail.Options {
  return {
    ...letter,
    // As objects, so that no text is searched for names and further addresses.
    from,
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...(unsubscribe && { list: { unsubscribe: { url: unsubscribe } } }),
  }
}
