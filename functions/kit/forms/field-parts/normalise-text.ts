// Normalises text that people typed: NFC, trimmed, without control characters.
const printableAscii = /^[\x20-\x7e]*$/
const lineEnds = /\r\n|[\r\x85\u2028\u2029]/g
const lineEndsAndTabs = /[\t\n\v\f\r\x85\u2028\u2029]+/g
const controls = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g
// Normalising a run of combining marks takes quadratic time: 3 s for 100 KB. Real text has far fewer than 30 in a row.
// https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
const manyMarks = /(\p{M}{30})\p{M}+/gu

/** One line: line ends and tabs become a space. */
export function toLine(text: string): string {
  return printableAscii.test(text) ? text.trim() : clean(text.replace(lineEndsAndTabs, ' '))
}

/** Any number of lines, separated by \n. */
export function toLines(text: string): string {
  if (printableAscii.test(text)) return text.trim()
  return clean(text.replace(lineEnds, '\n').replaceAll('\t', ' '))
}

// Marks are cut before normalising, to bound its time, and after it, as it can lengthen a run again.
function clean(text: string): string {
  const ready = text.replace(controls, '').toWellFormed().replace(manyMarks, '$1')
  return ready.normalize('NFC').replace(manyMarks, '$1').trim()
}
