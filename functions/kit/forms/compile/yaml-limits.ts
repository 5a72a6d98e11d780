// Limits on the YAML of a form file, counted before it is parsed: parsing a hostile file takes far longer than counting.
import { CST, Lexer } from 'yaml'
import { maxChoices } from '../field-parts/choices.ts'

/** `expected` and `found` complete "expected …, found: …". */
interface Excess {
  offset: number
  expected: string
  found: string
}

/** Tokens of the lexer: words, marks and blanks between them. A form of 200 fields with 100 choices each has 60,000. */
const maxTokens = 100_000
/** Anchors, aliases, tags and directives. Forms need none, and the parser searches the whole file for some of them. */
const maxSpecial = 40
/** Well above the limit of choices, so that a list with a few too many gets a message that names its field. */
const maxEntries = 4 * maxChoices
/** A form nests five deep. */
const maxNesting = 50

const special = new Set(['anchor', 'alias', 'tag', 'directive-line'])
const opening = new Set(['flow-seq-start', 'flow-map-start'])
const closing = new Set(['flow-seq-end', 'flow-map-end'])
const separating = new Set(['comma', 'seq-item-ind'])
const nesting = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind'])
/** Tokens that the lexer adds, which are no text of the file. */
const virtual = new Set(['doc-mode', 'flow-error-end', 'scalar'])

/** The first limit that the text exceeds. */
export function excessIn(text: string): Excess | undefined {
  const counts = { offset: 0, tokens: 0, special: 0, flow: 0, onLine: 0, entries: 0 }
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token) ?? ''
    count(counts, type)
    const excess = excessOf(counts)
    if (excess) return { offset: counts.offset, ...excess }
    if (!virtual.has(type)) counts.offset += token.length
  }
  return undefined
}

interface Counts {
  offset: number
  tokens: number
  special: number
  /** Open brackets. */
  flow: number
  /** Lists and mappings that begin on this line, one within another. */
  onLine: number
  /** Entries of the current list since the last key, value or bracket in it: a lower bound. */
  entries: number
}

function count(counts: Counts, type: string): void {
  counts.tokens += 1
  if (special.has(type)) counts.special += 1
  else if (opening.has(type)) counts.flow += 1
  else if (closing.has(type)) counts.flow -= 1
  else if (type === 'newline') counts.onLine = 0
  else if (nesting.has(type) && counts.flow <= 0) counts.onLine += 1
  if (separating.has(type)) counts.entries += 1
  else if (type === 'map-value-ind' || opening.has(type) || closing.has(type)) counts.entries = 0
}

function excessOf(counts: Counts): Omit<Excess, 'offset'> | undefined {
  const { tokens, special, flow, onLine, entries } = counts
  const found = 'more'
  if (tokens > maxTokens) return { expected: `at most ${maxTokens} words and marks`, found }
  if (special > maxSpecial)
    return { expected: `at most ${maxSpecial} anchors, aliases and tags`, found }
  if (entries > maxEntries) return { expected: `at most ${maxEntries} entries of one list`, found }
  if (flow <= maxNesting && onLine <= maxNesting) return undefined
  return { expected: `values that are nested at most ${maxNesting} deep`, found }
}
