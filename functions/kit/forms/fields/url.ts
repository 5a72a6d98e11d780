// A web address, http or https. Kept as a URI: the host as browsers write it, characters outside of URIs percent-encoded.
import * as z from 'zod'
import { toLine } from '../field-parts/normalise-text.ts'
import { defineField, maxBytesOfText } from '../field-type.ts'

const maxLength = 2_048
// Excludes characters that could end an HTML attribute or are not allowed in URIs. A host has no @: name:password@ would hide it.
const character = '(?:[^\\s"<>[\\]\\\\^`{|}%#]|%[0-9A-Fa-f]{2})'
const label = '[^\\s/?#@"<>[\\]\\\\^`{|}%.:]+'
const host = `${label}(?:\\.${label})*\\.?(?::[0-9]{1,5})?`
const address = new RegExp(`^https?://${host}(?:[/?]${character}*)?(?:#${character}*)?$`)

export default defineField({
  options: z
    .strictObject({})
    .describe(
      'A web address, stored as a URI: the host as browsers write it, `[` and similar characters percent-encoded',
    ),
  expected: () => 'a web address that begins with http:// or https://',
  found(text) {
    if (!/^https?:\/\//.test(text)) return 'neither'
    if (/[\s"<>\\]/.test(text)) return 'a space, a quotation mark, < or > or \\ in it'
    if (/%(?![0-9A-Fa-f]{2})/.test(text)) return 'a % without two hexadecimal digits behind it'
    const server = /^https?:\/\/[^/?#]*/.exec(text)?.[0] ?? ''
    if (server.includes('@')) return 'a user name in it'
    return address.test(server) && URL.canParse(server) ? undefined : 'no valid name of a server'
  },
  schema: () => {
    const length = z.string().max(maxLength, { abort: true })
    const url = length.regex(address, { abort: true }).refine((text) => URL.canParse(text))
    return z.preprocess(toAddress, url.meta({ format: 'uri' }))
  },
  maxLength: () => maxLength,
  input: () => ({ tag: 'input', attributes: { type: 'url', maxlength: maxLength } }),
  maxBytes: () => maxBytesOfText(maxLength),
})

function toAddress(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const scheme = (found: string) => found.toLowerCase()
  const text = encoded(toLine(value).replace(/^https?:/i, scheme))
  return text.length <= maxLength && address.test(text) ? (URL.parse(text)?.href ?? text) : text
}

/** Browsers accept characters such as [ and ] after the host, as in ?filter[status]=open. A URI has them encoded. */
function encoded(text: string): string {
  const path = text.indexOf('/', 'https://'.length)
  const query = text.search(/[?#]/)
  const start = Math.min(...[path, query].filter((at) => at >= 0))
  if (!Number.isFinite(start)) return text
  const encode = (found: string) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`
  return text.slice(0, start) + text.slice(start).replace(/[[\]^`{|}]/g, encode)
}
