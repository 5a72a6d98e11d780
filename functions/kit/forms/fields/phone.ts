// A phone number, kept as E.164 (+917004465984). With a region, its own numbers need no country code.
// Its metadata without patterns for each type (min) takes any eight digits for a number of India.
import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import * as z from 'zod'
import { toPhoneText } from '../field-parts/phone-text.ts'
import { toText } from '../field-parts/text-schema.ts'
import { bytesOfText, defineField } from '../field-type.ts'

const maxLength = 32
// JSON Schema can't say which numbers exist: this is what one looks like.
const form = /^\+?[0-9 ()./-]+$/

const region = z
  .string()
  .refine(isSupportedCountry, `a region of two capital letters, like IN`)
  .transform((code) => code as CountryCode)

const kinds = ['any', 'mobile'] as const

/** In some countries a number does not say which of both it is. */
const mobile = ['MOBILE', 'FIXED_LINE_OR_MOBILE']

export default defineField({
  options: z.strictObject({ region: region.optional(), kind: z.enum(kinds).default('any') }),
  expected: ({ region, kind }) => {
    const number = kind === 'mobile' ? 'a mobile number' : 'a phone number'
    return region
      ? `${number} of ${region}, or one with + and country code`
      : `${number} with + and country code`
  },
  schema: ({ region, kind }) => {
    // A number that is valid has a type, and finding it is most of the work: it is found once.
    const fits = (phone: PhoneNumber) => {
      const type = phone.getType()
      return type !== undefined && !phone.ext && (kind === 'any' || mobile.includes(type))
    }
    const text = z.string().max(maxLength, { abort: true }).regex(form, { abort: true })
    const number = text.transform((written, context) => {
      const phone = parsePhoneNumberFromString(written, { defaultCountry: region, extract: false })
      if (phone && fits(phone)) return phone.number as string
      context.issues.push({ code: 'invalid_format', format: 'phone', input: written })
      return z.NEVER
    })
    return z.preprocess((value) => toText(value, toPhoneText), number)
  },
  largest: () => maxLength,
  input: () => ({
    tag: 'input',
    attributes: { type: 'tel', autocomplete: 'tel', maxlength: maxLength },
  }),
  bytes: () => bytesOfText(maxLength),
})
