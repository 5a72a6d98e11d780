// The Message-ID of a mail. It is the same for each attempt, so that a mail that arrives twice can be recognised.
import { createHash } from 'node:crypto'

/** Characters and length that every mail server keeps. Ids of the endpoint fit; other producers may have others. */
const plain = /^[A-Za-z0-9-]{1,80}$/

/** `<submission.effect@domain>`, with the domain of the sender. */
export function messageIdOf(submission: string, effect: string, sender: string): string {
  const id = plain.test(submission)
    ? submission
    : createHash('sha256').update(submission).digest('hex').slice(0, 40)
  return `<${id}.${effect}@${sender.slice(sender.lastIndexOf('@') + 1)}>`
}
