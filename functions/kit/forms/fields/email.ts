// An e-mail address. Its domain is kept in lower case and in the ASCII form (xn--) that mail servers accept.
import { domainToASCII } from 'node:url'
import * as z from 'zod'
import { toLine } from '../field-parts/normalise-text.ts'
import { defineField, maxBytesOfText } from '../field-type.ts'

const maxLength = 254
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
// The last label needs a letter: 1.2.3.4 is not a domain.
const lastLabel = `(?![0-9]+$)${label}`
const address = new RegExp(`^(?=[^@]{1,64}@)${atom}(?:\\.${atom})*@(?:${label}\\.)+${lastLabel}$`)

// The same for JSON Schema without look-ahead, which RE2 lacks and many clients use.
const publishedPattern = `^${atom}(?:\\.${atom})*@(?:${label}\\.)+${label}$`
const publishedRest = { allOf: [{ pattern: '^[^@]{1,64}@' }], not: { pattern: '\\.[0-9]+$' } }

export default defineField({
  options: z
    .strictObject({})
    .describe(
      'An e-mail address. Its domain is stored in lower case and as mail servers take it (`xn--…`)',
    ),
  expected: () => 'an e-mail address like name@example.com',
  found(text) {
    if (/\s/.test(text)) return 'a space in it'
    const parts = text.split('@')
    if (parts.length !== 2) return parts.length === 1 ? 'no @' : 'more than one @'
    if (parts[0] === '' || parts[1] === '')
      return `nothing ${parts[0] === '' ? 'before' : 'after'} the @`
    return address.test(`a@${parts[1]}`)
      ? 'a part before the @ that mail servers do not take'
      : 'no domain after the @'
  },
  schema: () => {
    // `abort`: no long text gets to the pattern.
    const length = z.string().max(maxLength, { abort: true })
    const email = length
      .check(z.email({ pattern: address }))
      .meta({ pattern: publishedPattern, ...publishedRest })
    return z.preprocess(toAddress, email)
  },
  maxLength: () => maxLength,
  input: () => ({
    tag: 'input',
    attributes: { type: 'email', autocomplete: 'email', maxlength: maxLength },
  }),
  maxBytes: () => maxBytesOfText(maxLength),
})

function toAddress(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = toLine(value)
  const at = text.lastIndexOf('@') + 1
  return text.slice(0, at) + toDomain(text.slice(at))
}

/** Unchanged if it has no ASCII form. */
function toDomain(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) || text.length > maxLength) return text.toLowerCase()
  return domainToASCII(text) || text
}
