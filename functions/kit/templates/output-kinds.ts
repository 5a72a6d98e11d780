// How values are written into the output of a template, by the kind of output. Nobody can switch this off in a template.
import { escapeHtml } from '../html.ts'

/** What a variable of a template holds: an answer, or nothing if the person did not answer. */
export type TemplateValue = string | number | boolean | readonly string[] | undefined

interface OutputKind {
  /** Writes the text of one value. */
  write: (text: string) => string
  /** Applied to the whole output. */
  finish?: (output: string) => string
}

/** Longest header, in characters: longer ones are cut. */
const maxHeader = 250

// Marks that reorder the text around them, up to the end of the line: a value could make the text of the template look like another one.
const reordering = /[\u202a-\u202e\u2066-\u2069]/g
// Also the marks without an effect on other text: in a header they only hide something. Joiners stay, as Hindi and emoji need them.
const allMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g
const lineEnds = /\r\n|[\r\x85\u2028\u2029]/g
const blanks = /[\s\p{Cc}\u2028\u2029]+/gu

/** Text of any number of lines, separated by `\n`. */
const toPlainText = (text: string): string =>
  text.toWellFormed().replace(lineEnds, '\n').replace(controls, '').replace(reordering, '')

export type KindName = 'text' | 'html' | 'header' | 'json'

/** `header`: one line. `json`: to be put between the quotation marks of a JSON string. */
export const outputKinds: Record<KindName, OutputKind> = {
  text: { write: toPlainText },
  html: { write: (text) => escapeHtml(toPlainText(text)).replaceAll('\n', '<br>\n') },
  header: { write: toPlainText, finish: toHeader },
  json: { write: (text) => JSON.stringify(toPlainText(text)).slice(1, -1) },
}

/** Writes any value that a template can print. A list becomes its items with commas between them. */
export function printer(kind: KindName): (value: unknown) => string {
  const { write } = outputKinds[kind]
  return (value) => {
    if (Array.isArray(value)) return write(value.join(', '))
    const isPrinted = ['string', 'number', 'boolean'].includes(typeof value)
    return isPrinted ? write(String(value)) : ''
  }
}

/** One line without control characters and direction marks. Never splits a surrogate pair. */
export function toHeader(text: string): string {
  const line = text.toWellFormed().replace(allMarks, '').replace(blanks, ' ').trim()
  if (line.length <= maxHeader) return line
  return `${[...line].slice(0, maxHeader - 1).join('')}…`
}
