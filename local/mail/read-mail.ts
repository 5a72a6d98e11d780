// Reads the source of a mail: what people and tests want to know of it.
import type { Address } from 'postal-mime'

export interface MailContent {
  /** As in the header: a name and an address, or only an address. */
  from: string
  subject: string
  /** With angle brackets. Empty without such a header. */
  messageId: string
  text: string | null
  html: string | null
}

/** A mail that the parser refuses has no content but its source. */
export async function readMail(source: Uint8Array): Promise<MailContent> {
  // Loaded with the first mail, so that the start is not slower.
  const { default: PostalMime } = await import('postal-mime')
  const mail = await PostalMime.parse(source).catch(() => undefined)
  return {
    from: mail?.from ? toText(mail.from) : '',
    subject: mail?.subject ?? '',
    messageId: mail?.messageId ?? '',
    text: mail?.text ?? null,
    html: mail?.html ?? null,
  }
}

function toText({ name, address, group }: Address): string {
  if (group) return `${name}: ${group.map(toText).join(', ')}`
  return name ? `${name} <${address}>` : address
}
