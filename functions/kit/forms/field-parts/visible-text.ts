// Tells visible from invisible text. Joiners and variation selectors inside a text stay (Hindi, emoji); alone they are no answer.
import * as z from 'zod'

// https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point: zero-width spaces and joiners, soft hyphens, fillers,
// variation selectors, tags. Also characters with an empty glyph: the Braille blank, a musical null notehead, blank hieroglyphs,
// a Khitan filler, interlinear annotation marks and the object replacement character.
/** First and last code point of each range. */
const bounds = [
  0xad,
  0xad,
  0x34f,
  0x34f,
  0x61c,
  0x61c,
  0x115f,
  0x1160,
  0x17b4,
  0x17b5,
  0x180b,
  0x180f,
  0x200b,
  0x200f,
  0x202a,
  0x202e,
  0x2060,
  0x206f,
  0x2800,
  0x2800,
  0x3164,
  0x3164,
  0xfdd0,
  0xfdef,
  0xfe00,
  0xfe0f,
  0xfeff,
  0xfeff,
  0xffa0,
  0xffa0,
  0xfff0,
  0xfffc,
  0x13441,
  0x13442,
  0x16fe4,
  0x16fe4,
  0x1bca0,
  0x1bca3,
  0x1d159,
  0x1d159,
  0x1d173,
  0x1d17a,
  0xe0000,
  0xe0fff,
  // The last two code points of each plane are not characters.
  ...Array.from({ length: 17 }, (_, plane) => [
    plane * 65_536 + 65_534,
    plane * 65_536 + 65_535,
  ]).flat(),
]

// The characters themselves: RE2, which many clients use, knows neither the Unicode property nor JavaScript's escapes.
const hidden = bounds
  .map((point, index) => String.fromCodePoint(point) + (index % 2 === 0 ? '-' : ''))
  .join('')

/** For JSON Schema: matches text with at least one visible character. A combining mark alone is not visible. */
export const visiblePattern = `[^\\p{Z}\\p{Cc}\\p{M}${hidden}]`

const visibleAscii = /[\x21-\x7e]/
const visible = new RegExp(visiblePattern, 'u')
const hiddenCharacters = new RegExp(`[${hidden}]`, 'gu')

/** Whether the text has no visible character. */
export const isBlank = (text: string): boolean => !visibleAscii.test(text) && !visible.test(text)

/** For normalised text. Line ends stay. */
export const withoutHidden = (text: string): string => text.replace(hiddenCharacters, '')

/** A title, label or other text of a form's file that people see. */
export const visibleText = (max: number): z.ZodType<string, string> =>
  z
    .string()
    .trim()
    .min(1, { abort: true })
    .max(max)
    .refine((text) => !isBlank(text), 'text that can be seen')
