// What can be seen of a text. Joiners and selectors inside a text stay (Hindi, emoji); alone they are no answer.

// https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point: zero-width spaces and joiners, soft hyphens, fillers,
// variation selectors, tags. Beside them what has an empty glyph: the braille blank, a note without a head, hieroglyphs and a
// filler that are blank, marks of annotations, the place of a picture that was not pasted with the text.
/** The first and the last of each range. */
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
  // Two at the end of each plane are no characters.
  ...Array.from({ length: 17 }, (_, plane) => [
    plane * 65_536 + 65_534,
    plane * 65_536 + 65_535,
  ]).flat(),
]

// The characters themselves: RE2, which many clients have, knows neither the property nor the escapes of JavaScript.
const hidden = bounds
  .map((point, index) => String.fromCodePoint(point) + (index % 2 === 0 ? '-' : ''))
  .join('')

/** For JSON Schema: a text that has a character to see. A mark that combines with none is not one. */
export const visiblePattern = `[^\\p{Z}\\p{Cc}\\p{M}${hidden}]`

const plain = /[\x21-\x7e]/
const visible = new RegExp(visiblePattern, 'u')
const hiddenCharacters = new RegExp(`[${hidden}]`, 'gu')

/** True where there is nothing to see in the text. */
export const isBlank = (text: string): boolean => !plain.test(text) && !visible.test(text)

/** Of a text that was cleaned: line ends stay. */
export const withoutHidden = (text: string): string => text.replace(hiddenCharacters, '')
