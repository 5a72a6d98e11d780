// What a form file may have of YAML, counted before it is parsed: parsing, and telling what is wrong, takes far longer.
import { CST, Lexer } from 'yaml'
import { mostChoices } from '../field-parts/choices.ts'

/** What keeps the text from being a form file: completes "expected …", and "found: …". */
export interface Excess {
  offset: number
  expected: string
  found: string
}

/** Words, marks and the blanks between them: a form of 200 fields with 100 choices each has 60,000. */
const mostPieces = 100_000
/** Anchors, aliases, tags and directives: forms need none, and the parser looks for some of them in the whole file. */
const mostSpecial = 40
/** Far more than any list may have: one that has a few too many is told in full, with its field. */
const mostEntries = 4 * mostChoices
/** A form nests five deep. */
const mostNested = 50

const special = new Set(['anchor', 'alias', 'tag', 'directive-line'])
const opening = new Set(['flow-seq-start', 'flow-map-start'])
const closing = new Set(['flow-seq-end', 'flow-map-end'])
const separating = new Set(['comma', 'seq-item-ind'])
const nesting = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind'])

/** The first limit that the text exceeds. */
export function excessIn(text: string): Excess | undefined {
  const counts = { offset: 0, pieces: 0, special: 0, flow: 0, onLine: 0, entries: 0 }
  for (const piece of new Lexer().lex(text)) {
    const type = CST.tokenType(piece) ?? ''
    count(counts, type)
    const excess = excessOf(counts)
    if (excess) return { offset: counts.offset, ...excess }
    if (!controls.has(type)) counts.offset += piece.length
  }
  return undefined
}

/** Pieces that stand for no text. */
const controls = new Set(['doc-mode', 'flow-error-end', 'scalar'])

interface Counts {
  offset: number
  pieces: number
  special: number
  /** Brackets that are open. */
  flow: number
  /** Lists and mappings that begin on this line, within one another. */
  onLine: number
  /** Of the list that is read, since the last key, value or bracket in it: fewer than it has, never more. */
  entries: number
}

function count(counts: Counts, type: string): void {
  counts.pieces += 1
  if (special.has(type)) counts.special += 1
  else if (opening.has(type)) counts.flow += 1
  else if (closing.has(type)) counts.flow -= 1
  else if (type === 'newline') counts.onLine = 0
  else if (nesting.has(type) && counts.flow <= 0) counts.onLine += 1
  if (separating.has(type)) counts.entries += 1
  else if (type === 'map-value-ind' || opening.has(type) || closing.has(type)) counts.entries = 0
}

function excessOf(counts: Counts): Omit<Excess, 'offset'> | undefined {
  const { pieces, special, flow, onLine, entries } = counts
  if (pieces > mostPieces)
    return { expected: `at most ${mostPieces} words and marks`, found: 'more' }
  if (special > mostSpecial) {
    return { expected: `at most ${mostSpecial} anchors, aliases and tags`, found: 'more' }
  }
  if (entries > mostEntries) {
    return { expected: `at most ${mostEntries} entries of one list`, found: 'more' }
  }
  if (flow <= mostNested && onLine <= mostNested) return undefined
  return { expected: `values that are nested at most ${mostNested} deep`, found: 'more' }
}
