// Finds slang in a text and says where it is. It flags; what to do about it is for others to decide.

import { hasLeet, readings } from './leet.ts'
import { beginsPhrase, findMasked, findPhrase, findWord } from './lexicon.ts'
import { type Normal, normalise } from './normalise.ts'
import { names, ordinaryPairs, type Severity, severityOf } from './policy.ts'
import { beginsWithRoot } from './roots.ts'

/** `start` and `end` are UTF-16 offsets in the original text, half open. */
export type Finding = { start: number; end: number; term: string; severity: Severity }

/** A stretch of the normalised text. */
type Piece = { start: number; end: number; text: string }
type Match = { start: number; end: number; term: string }

const maxPhrase = 4
const maxBroken = 20
const maxChunk = 60

const pieces = (text: string, pattern: RegExp): Piece[] =>
  Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    text: found,
  }))

const match = (piece: Pick<Piece, 'start' | 'end'>, term: string | undefined): Match[] =>
  term === undefined ? [] : [{ start: piece.start, end: piece.end, term }]

/** Capitalised beside another capitalised word. */
function isName(original: string, normal: Normal, words: Piece[], i: number): boolean {
  const capital = (word: Piece | undefined) =>
    word !== undefined && /^\p{Lu}\p{Ll}/u.test(original.slice(normal.starts[word.start]))
  return capital(words[i]) && (capital(words[i - 1]) || capital(words[i + 1]))
}

/** `x9ass7` is a code, not a word. */
const inCode = ({ text }: Normal, { start, end }: Piece) =>
  end - start < 4 && /\d/.test((text[start - 1] ?? '') + (text[end] ?? ''))

function* inWords(original: string, normal: Normal, words: Piece[]): Generator<Match[]> {
  for (const [i, word] of words.entries()) {
    const term = findWord(word.text)
    if (term === undefined || inCode(normal, word)) continue
    const before = `${words[i - 1]?.text} ${word.text}`
    const after = `${word.text} ${words[i + 1]?.text}`
    if (ordinaryPairs.has(before) || ordinaryPairs.has(after)) continue
    if (!names.has(word.text) || !isName(original, normal, words, i)) yield match(word, term)
  }
}

/** The word at `i` and those after it, as far as only a space, dot or dash stands between them. */
function phraseAt(normal: Normal, words: Piece[], i: number): Piece[] {
  const near = words.slice(i, i + maxPhrase)
  const end = near.findIndex(
    (word, n) => n > 0 && !/^[\s._-]{1,3}$/.test(normal.text.slice(near[n - 1]!.end, word.start)),
  )
  return end < 0 ? near : near.slice(0, end)
}

/** Phrases, and one word written as two: `fu ck`, `madar chod`. */
function* inNeighbours(normal: Normal, words: Piece[]): Generator<Match[]> {
  for (const [i, word] of words.entries()) {
    const next = words[i + 1]
    if (next && isBroken(word.text, next.text) && phraseAt(normal, words, i).length > 1) {
      yield match({ start: word.start, end: next.end }, findWord(word.text + next.text))
    }
    if (!beginsPhrase(word.text)) continue
    const phrase = findPhrase(phraseAt(normal, words, i).map(({ text }) => text))
    if (phrase)
      yield match({ start: word.start, end: words[i + phrase.count - 1]!.end }, phrase.term)
  }
}

/** Two words that together begin with a root: not `mother father`, nor `class hole`. */
function isBroken(first: string, second: string): boolean {
  const length = first.length + second.length
  if (length < 4 || length > maxBroken || !beginsWithRoot(first + second)) return false
  return findWord(first) === undefined && findWord(second) === undefined
}

/** The piece without what the pattern finds at its ends. */
function trim(piece: Piece, pattern: RegExp): Piece {
  const edges = [...piece.text.matchAll(pattern)]
  const before = edges.find(({ index }) => index === 0)?.[0].length ?? 0
  const after = edges.find(({ index }) => index > 0)?.[0].length ?? 0
  const text = piece.text.slice(before, piece.text.length - after)
  return { start: piece.start + before, end: piece.end - after, text }
}

/** Chunks with something other than letters in them: `$h1t`, `f*ck`, `f.u.c.k`, `bhen-chod`. */
function* inChunks(normal: Normal): Generator<Match[]> {
  for (const found of pieces(normal.text, /[\p{L}\p{M}\p{N}@$!+|(<{*#._-]+/gu)) {
    if (found.text.length > maxChunk || /^[\p{L}\p{M}]+$|^[^\p{L}]+$/u.test(found.text)) continue
    // A `!` at the end ends a sentence, and stars around a word stress it.
    const chunk = trim(found, /^[!+|(<{*#._-]+|[!*#._-]+$/g)
    const whole = chunk.text.replace(/[._*#-]/g, '')
    if (whole.length >= 4 && whole.length < chunk.text.length) yield read({ ...chunk, text: whole })
    for (const part of pieces(chunk.text, /[^._-]+/g)) {
      const at = { ...part, start: chunk.start + part.start, end: chunk.start + part.end }
      if (/[*#]/.test(part.text)) yield match(at, findMasked(part.text))
      else if (hasLeet(part.text)) yield read(at)
    }
  }
}

/** Other signs and digits at the end are read with and without. */
function read(piece: Piece): Match[] {
  for (const candidate of [piece, trim(piece, /(?!^)[+|(<{0-9]+$/g)]) {
    const term = readings(candidate.text).map(findWord).find(Boolean)
    if (term) return match(candidate, term)
  }
  return []
}

/** Letters one by one: `f u c k`, `b i t c h`. Four at least, for people write their initials so. */
function* inSpaced(normal: Normal): Generator<Match[]> {
  const spaced =
    /(?<![\p{L}\p{M}\p{N}])[\p{L}@$](?:[\s._*-]{1,3}[\p{L}\p{M}@$!01345](?![\p{L}\p{M}\p{N}])){3,}/gu
  for (const run of pieces(normal.text, spaced)) {
    yield read({ ...run, text: run.text.replace(/[\s._*-]/g, '') })
  }
}

export function analyse(original: string): Finding[] {
  const normal = normalise(original)
  const words = pieces(normal.text, /[\p{L}\p{M}]+/gu)
  const matches = [
    ...inWords(original, normal, words),
    ...inNeighbours(normal, words),
    ...inChunks(normal),
    ...inSpaced(normal),
  ].flat()
  matches.sort((a, b) => a.start - b.start || b.end - a.end)
  const findings: Finding[] = []
  for (const { start, end, term } of matches) {
    const from = normal.starts[start]!
    if (from < (findings.at(-1)?.end ?? 0)) continue
    findings.push({ start: from, end: normal.ends[end - 1]!, term, severity: severityOf(term) })
  }
  return findings
}
