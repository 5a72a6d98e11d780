// A phone number, kept as E.164 (+917004465984). With `region`, numbers of that region need no country code.
// The smaller metadata (/min) has no patterns for each type of number: it would accept any eight digits for India.
import {
  type CountryCode,
  isSupportedCountry,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import * as z from 'zod'
import { mobileNumberOf } from '../field-parts/mobile-number.ts'
import { toLine } from '../field-parts/normalise-text.ts'
import { toText } from '../field-parts/text-schema.ts'
import { withoutHidden } from '../field-parts/visible-text.ts'
import { defineField, maxBytesOfText } from '../field-type.ts'

const maxLength = 32
/** A longer text is no phone number in any notation, and is not normalised. */
const maxTyped = 200
// For JSON Schema, which can describe the notation of numbers but not which ones exist.
const shape = /^\+?[0-9 ()./-]+$/

const expectedRegion = 'a region of two capital letters, like IN'

const region = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: expectedRegion, abort: true })
  .refine(isSupportedCountry, expectedRegion)
  .transform((code) => code as CountryCode)

const kinds = ['any', 'mobile'] as const

// In some countries a number can be either, and its type is FIXED_LINE_OR_MOBILE.
const mobileTypes = ['MOBILE', 'FIXED_LINE_OR_MOBILE']

export default defineField({
  options: z
    .strictObject({
      region: region
        .optional()
        .describe('Country whose numbers need no country code, as two capital letters, like IN'),
      kind: z.enum(kinds).default('any').describe('Which numbers are taken'),
    })
    .describe('A phone number, stored as E.164, such as +917004465984'),
  expected: ({ region, kind }) => {
    const number = kind === 'mobile' ? 'a mobile number' : 'a phone number'
    return region
      ? `${number} of ${region}, or one with + and country code`
      : `${number} with + and country code`
  },
  schema: ({ region, kind }) => {
    // A valid number has a type. Finding it is most of the work, so it serves both checks.
    const fits = (phone: PhoneNumber) => {
      const type = phone.getType()
      return type !== undefined && !phone.ext && (kind === 'any' || mobileTypes.includes(type))
    }
    const text = z.string().max(maxLength, { abort: true }).regex(shape, { abort: true })
    const mobileOf = region && mobileNumberOf(region)
    const number = text.transform((written, context) => {
      const mobile = mobileOf?.(written)
      if (mobile) return mobile
      const phone = parsePhoneNumberFromString(written, { defaultCountry: region, extract: false })
      if (phone && fits(phone)) return phone.number as string
      context.issues.push({ code: 'invalid_format', format: 'phone', input: written })
      return z.NEVER
    })
    return z.preprocess((value) => toText(value, toPhoneText), number)
  },
  maxLength: () => maxLength,
  input: () => ({
    tag: 'input',
    attributes: { type: 'tel', autocomplete: 'tel', maxlength: maxLength },
  }),
  maxBytes: () => maxBytesOfText(maxLength),
})

const printableAscii = /^[\x20-\x7e]*$/

/** Removes invisible characters that come with pasted numbers, and writes digits, spaces, hyphens, + and brackets of any script in ASCII. */
function toPhoneText(text: string): string {
  if (text.length > maxTyped) return text
  if (printableAscii.test(text)) return text.trim()
  return withoutHidden(toLine(text).normalize('NFKC'))
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/\p{Nd}/gu, toAsciiDigit)
    .trim()
}

const digit = /^\p{Nd}$/u
const isDigit = (point: number): boolean => digit.test(String.fromCodePoint(point))

/** The ten digits of a script have consecutive code points, from its zero on. */
function toAsciiDigit(character: string): string {
  const point = character.codePointAt(0)!
  let zero = point
  while (isDigit(zero - 1)) zero -= 1
  return String((point - zero) % 10)
}
