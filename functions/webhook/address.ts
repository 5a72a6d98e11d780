// The address of a target as a form has it, in which parts may be the names of secrets.
import { isNowhere, literalIn } from './outbound/address.ts'
import { addressPart, type Secrets } from './secrets.ts'

/** `{NAME}`, not within the host. */
const placeholder = /\{([\w-]+)\}/g

export const secretsInAddress = (text: string): string[] =>
  [...text.matchAll(placeholder)].map(([, name]) => name as string)

/** Returns what is wrong if there can be no target at the address. */
export function parseAddress(text: string): URL | string {
  const expected = 'expected an address such as https://example.org/hook'
  // Backslashes, blanks and line breaks are changed by the parser: the address would not be what it looks like.
  if (!/^https?:\/\/[^\\\s]+$/i.test(text) || !URL.canParse(text)) return expected
  const url = new URL(text)
  if (url.hash || /[{}]|%7b/i.test(url.host)) return expected
  // Also an empty one: what looks like the host is none.
  if (/^https?:\/+[^/?#]*@/i.test(text)) return 'expected an address without user and password'
  const kind = isNowhere(literalIn(url.hostname) ?? '')
  return kind ? `expected the address of a host, not of the kind "${kind}"` : url
}

/** Throws the name of a secret that is missing. */
export function fillIn(text: string, secrets: Secrets): URL {
  const filled = text.replace(placeholder, (_, name: string) => {
    const value = addressPart(secrets, name)
    if (value === undefined) throw new MissingSecret(name)
    return value
  })
  return new URL(filled)
}

/** A form names a secret that operators have not given. */
export class MissingSecret extends Error {
  override name = 'MissingSecret'

  constructor(secret: string) {
    super(`Expected the secret "${secret}" in WEBHOOK_SECRETS, found none`)
  }
}
