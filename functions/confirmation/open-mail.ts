// Opens the clients of the confirmation task: the connection to the mail server, and what is known about addresses.
import type { Logger } from 'pino'
import type { Closable } from '#kit/define-task.ts'
import { RetryLater } from '#kit/errors.ts'
import type { Config } from './config.ts'
import type { Content } from './mail/letters.ts'
import { messageIdOf } from './mail/message-id.ts'
import { openRecords } from './records/open.ts'
import type { Records } from './records/port.ts'
import { type Letter, Mailer, maxConnections } from './smtp/mailer.ts'
import { Turns } from './smtp/turns.ts'

export interface MailTo {
  to: string
  /** Of the submission. */
  id: string
  form: string
  content: Content & Pick<Letter, 'replyTo' | 'unsubscribe'>
  signal: AbortSignal
}

/** What became of a mail, as the event says it. */
export type Result = { state: 'sent' | 'bounced' | 'limited'; messageId?: string; reason?: string }

/** The sending methods throw `RetryLater` if the mail certainly did not go out, and another error if it may have. */
export interface MailClient extends Closable {
  /** Waits until a connection is free for the mail of `work`: nothing is noted as begun that only waits. */
  inTurn<Done>(work: () => Promise<Done>): Promise<Done>
  /** To a stranger's address: not if a server refused it, and not too often. */
  sendToPerson(mail: MailTo): Promise<Result>
  sendToOwner(mail: MailTo): Promise<Result>
}

const notSet =
  'Expected SMTP_URL and SMTP_FROM to be set, found nothing: mails wait for them (docs/confirmation.md)'

export async function openMail(config: Config, log: Logger): Promise<MailClient> {
  const mailer = openMailer(config, log)
  if (!mailer) log.warn(notSet)
  const records = await openRecords(config)
  return new Mails({ mailer, records, sender: config.SMTP_FROM?.address ?? '' })
}

function openMailer(config: Config, log: Logger): Mailer | undefined {
  const { SMTP_URL: url, SMTP_FROM: from, DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY } = config
  if (!url || !from) return undefined
  const dkim = DKIM_DOMAIN &&
    DKIM_SELECTOR &&
    DKIM_PRIVATE_KEY && {
      domainName: DKIM_DOMAIN,
      keySelector: DKIM_SELECTOR,
      privateKey: DKIM_PRIVATE_KEY,
    }
  return new Mailer({ url, from, log, ...(dkim && { dkim }) })
}

interface Parts {
  mailer: Mailer | undefined
  records: Records
  /** The address that the mails come from. */
  sender: string
}

class Mails implements MailClient {
  #parts: Parts
  #turns = new Turns(maxConnections)

  constructor(parts: Parts) {
    this.#parts = parts
  }

  inTurn<Done>(work: () => Promise<Done>): Promise<Done> {
    return this.#turns.take(work)
  }

  async sendToPerson(mail: MailTo): Promise<Result> {
    const { records } = this.#parts
    const recipient = { form: mail.form, address: mail.to }
    if (await records.isRefused(recipient))
      return { state: 'bounced', reason: 'An earlier mail to this address was refused' }
    // By the id, so that a further attempt for the same mail is not another mail.
    if (!(await records.admit(mail.to, mail.id))) return { state: 'limited' }
    const result = await this.#send({ effect: 'person', ...mail })
    if (result.state === 'bounced') await records.refuse(recipient)
    return result
  }

  sendToOwner(mail: MailTo): Promise<Result> {
    return this.#send({ effect: 'owners', ...mail })
  }

  async #send({ to, effect, id, content, signal }: MailTo & { effect: string }): Promise<Result> {
    const { mailer, sender } = this.#parts
    if (!mailer) throw new RetryLater(notSet)
    const messageId = messageIdOf(id, effect, sender)
    const sent = await mailer.send({ ...content, to, messageId }, signal)
    return sent.state === 'sent'
      ? { state: 'sent', messageId }
      : { state: 'bounced', reason: sent.reason }
  }

  problem(): string | undefined {
    return this.#parts.records.problem()
  }

  // No reason to be not ready: with no pod ready, the events of all other forms would wait too.
  notes(): Record<string, string> {
    const { mailer } = this.#parts
    const mails = mailer ? mailer.problem() : notSet
    return mails === undefined ? {} : { mails }
  }

  async close(): Promise<void> {
    this.#parts.mailer?.close()
    await this.#parts.records.close()
  }
}
