// An e-mail address; its domain is kept in lower case.
import * as z from 'zod'
import { toLine } from '../clean.ts'
import { defineField } from '../field.ts'

const maxLength = 254
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const address = new RegExp(`^(?=[^@]{1,64}@)${atom}(?:\\.${atom})*@(?:${label}\\.)+${label}$`)

export default defineField({
  options: z.strictObject({}),
  expected: () => 'an e-mail address like name@example.com',
  schema: () => {
    // The length first, and alone: nothing long gets to the pattern.
    const length = z.string().max(maxLength, { abort: true })
    return z.preprocess(toAddress, length.check(z.email({ pattern: address })))
  },
  largest: () => maxLength,
  input: () => ({
    tag: 'input',
    attributes: { type: 'email', autocomplete: 'email', maxlength: maxLength },
  }),
})

function toAddress(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = toLine(value)
  const at = text.lastIndexOf('@') + 1
  return text.slice(0, at) + text.slice(at).toLowerCase()
}
