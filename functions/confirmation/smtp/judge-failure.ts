// Decides what a failed attempt to send a mail means: the address is wrong, the mail can go out later, or it may have gone out.
import { printable } from '#kit/printable.ts'
import { withoutAddresses } from '../mail/address.ts'

/** An error of nodemailer. */
export interface Failure extends Error {
  code?: string
  /** The command that the server refused, such as `RCPT TO`. */
  command?: string
  /** The answer of the server, if it gave one. */
  response?: string
  responseCode?: number
}

/** `complete`: the whole mail was handed over, and the dot after it may have been sent. */
export type Progress = 'before' | 'complete'

export interface Judgement {
  /** `refused`: the server takes no mail for the address. `unknown`: the server may have taken the mail. */
  verdict: 'refused' | 'not-sent' | 'unknown'
  /** Without addresses. */
  reason: string
}

const maxReason = 200

export function judgeFailure(error: Failure, progress: Progress): Judgement {
  const reason = printable(withoutAddresses(error.response ?? error.message), maxReason)
  // The server's answer to the mail itself: a mail that it refuses did not go out.
  if (error.code === 'EMESSAGE' || error.code === 'EENVELOPE')
    return { verdict: isAboutAddress(error) ? 'refused' : 'not-sent', reason }
  return { verdict: progress === 'complete' ? 'unknown' : 'not-sent', reason }
}

/** Codes about the mailbox: unknown, not local, full, wrong, and a domain that takes no mail. */
const aboutMailbox = [550, 551, 552, 553, 556]
/**
 * Enhanced codes about the recipient: address and mailbox, and routes to them. The address of the sender (5.1.7, 5.1.8; Postfix says
 * 5.1.0), the size of the mail (5.2.3), loops between servers (5.4.6), policies (5.7), the system (5.3) and the protocol (5.5) concern us.
 */
const aboutRecipient = /^5\.(1\.(?![078]\b)\d+|2\.(?!3\b)\d+|4\.(?!6\b)\d+)\b/
/** Without an enhanced code only the words tell: Exim and qmail refuse a sender, a client or a login with a plain 550 or 553 to the recipient. */
const aboutUs =
  /relay|sender|rcpthosts|authenti|verif|policy|spam|\b(black|block|deny) ?list|blocked|reputation/i
const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/

/** Whether the server refused the address for good: not this sender, this mail or this client. */
function isAboutAddress({ command, response = '', responseCode = 0 }: Failure): boolean {
  if (responseCode < 500 || (command !== 'RCPT TO' && command !== 'DATA')) return false
  const code = enhanced.exec(response)?.[1]
  if (code) return aboutRecipient.test(code)
  const isMailbox = command === 'RCPT TO' && aboutMailbox.includes(responseCode)
  return isMailbox && !aboutUs.test(withoutAddresses(response))
}
