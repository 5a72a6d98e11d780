// What can be seen of a text. Joiners and selectors inside a text stay (Hindi, emoji); alone they are no answer.

// https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point: zero-width spaces and joiners, soft hyphens, fillers,
// variation selectors, tags. Beside them what has an empty glyph: the braille blank, a note without a head, hieroglyphs and a
// filler that are blank, marks of annotations, the place of a picture that was not pasted with the text.
const hidden =
  '\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}' +
  '\\u2800\\ufff9-\\ufffc\\u{13441}\\u{13442}\\u{16fe4}\\u{1d159}'

/** For JSON Schema: a text that has a character to see. A mark that combines with none is not one. */
export const visiblePattern = `[^\\s\\p{Cc}\\p{M}${hidden}]`

const plain = /[\x21-\x7e]/
const visible = new RegExp(visiblePattern, 'u')
const hiddenCharacters = new RegExp(`[${hidden}]`, 'gu')

/** True where there is nothing to see in the text. */
export const isBlank = (text: string): boolean => !plain.test(text) && !visible.test(text)

/** Of a text that was cleaned: line ends stay. */
export const withoutHidden = (text: string): string => text.replace(hiddenCharacters, '')
