// A phone number as people paste it, in the characters that a number is written with here.
import { toLine } from './normalise-text.ts'
import { withoutHidden } from './visible-text.ts'

const plain = /^[\x20-\x7e]*$/

/** Beyond that it is none, however it is written. */
const maxLength = 200

/** Without marks of direction and the like; its digits, spaces, hyphens, + and brackets as in ASCII, whatever their script. */
export function toPhoneText(text: string): string {
  if (text.length > maxLength) return text
  if (plain.test(text)) return text.trim()
  return withoutHidden(toLine(text).normalize('NFKC'))
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/\p{Nd}/gu, toAscii)
    .trim()
}

const digit = /^\p{Nd}$/u
const isDigit = (point: number): boolean => digit.test(String.fromCodePoint(point))

/** The digits of a script follow one another, from its zero on. */
function toAscii(character: string): string {
  const point = character.codePointAt(0)!
  let zero = point
  while (isDigit(zero - 1)) zero -= 1
  return String((point - zero) % 10)
}
