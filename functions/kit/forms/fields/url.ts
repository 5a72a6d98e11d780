// A web address: http or https only, kept as browsers write it.
import * as z from 'zod'
import { toLine } from '../clean.ts'
import { defineField } from '../field.ts'

const maxLength = 2_048
// Without what breaks out of an attribute, is no URI, or hides the host (name:password@).
const character = '(?:[^\\s"<>[\\]\\\\^`{|}%#]|%[0-9A-Fa-f]{2})'
const host = '[^\\s/?#@"<>[\\]\\\\^`{|}%]+'
const address = new RegExp(`^https?://${host}(?:[/?]${character}*)?(?:#${character}*)?$`)

export default defineField({
  options: z.strictObject({}),
  expected: () => 'a web address that begins with http:// or https://',
  schema: () => {
    const length = z.string().max(maxLength, { abort: true })
    const url = length.regex(address, { abort: true }).refine((text) => URL.canParse(text))
    return z.preprocess(toAddress, url.meta({ format: 'uri' }))
  },
  largest: () => maxLength,
  input: () => ({ tag: 'input', attributes: { type: 'url', maxlength: maxLength } }),
})

function toAddress(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = toLine(value).replace(/^https?:/i, (scheme) => scheme.toLowerCase())
  return text.length <= maxLength && address.test(text) ? (URL.parse(text)?.href ?? text) : text
}
