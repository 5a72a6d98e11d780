// Makes text that people typed safe to store: NFC, trimmed, without control characters.
const plain = /^[\x20-\x7e]*$/
const lineEnds = /\r\n|[\r\x85\u2028\u2029]/g
const spaces = /[\t\n\v\f\r\x85\u2028\u2029]+/g
const controls = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g
// Normalising takes quadratic time in a run of combining marks: 3 s for 100 KB. Real text stays far below 30.
// https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
const manyMarks = /(\p{M}{30})\p{M}+/gu

/** One line. */
export function toLine(text: string): string {
  return plain.test(text) ? text.trim() : clean(text.replace(spaces, ' '))
}

/** Any number of lines, which end with \n. */
export function toLines(text: string): string {
  return plain.test(text) ? text.trim() : clean(text.replace(lineEnds, '\n').replaceAll('\t', ' '))
}

// Normalising can make a run of marks longer again, so they are cut before (for time) and after.
function clean(text: string): string {
  const ready = text.replace(controls, '').toWellFormed().replace(manyMarks, '$1')
  return ready.normalize('NFC').replace(manyMarks, '$1').trim()
}
