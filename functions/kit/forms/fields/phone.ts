// A phone number, kept as E.164 (+917004465984). With a region, its own numbers need no country code.
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'
import * as z from 'zod'
import { toLine } from '../clean.ts'
import { defineField } from '../field.ts'
import { toText } from '../text-schema.ts'

const maxLength = 32
// JSON Schema can't say which numbers exist: this is what one looks like.
const form = /^\+?[0-9 ()./-]+$/

const region = z
  .string()
  .refine(isSupportedCountry, `a region of two capital letters, like IN`)
  .transform((code) => code as CountryCode)

export default defineField({
  options: z.strictObject({ region: region.optional() }),
  expected: ({ region }) =>
    region
      ? `a phone number of ${region}, or one with + and country code`
      : 'a phone number with + and country code',
  schema: ({ region }) => {
    const text = z.string().max(maxLength, { abort: true }).regex(form, { abort: true })
    const number = text.transform((written, context) => {
      const phone = parsePhoneNumberFromString(written, { defaultCountry: region, extract: false })
      if (phone?.isValid() && !phone.ext) return phone.number as string
      context.issues.push({ code: 'invalid_format', format: 'phone', input: written })
      return z.NEVER
    })
    return z.preprocess((value) => toText(value, toLine), number)
  },
  largest: () => maxLength,
  input: () => ({
    tag: 'input',
    attributes: { type: 'tel', autocomplete: 'tel', maxlength: maxLength },
  }),
})
