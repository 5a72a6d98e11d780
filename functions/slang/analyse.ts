// Finds slang in a text and says where it is. It flags; what to do about it is for others to decide.
import { names, ordinaryPairs, type Severity, severityOf } from './allowed-words.ts'
import { hasLeet, readings } from './leet.ts'
import {
  beginsPhrase,
  findAmbiguous,
  findHidden,
  findJoined,
  findMasked,
  findPhrase,
  findWord,
} from './lexicon.ts'
import { type Normal, normalise } from './normalise.ts'
import { type Match, match, type Piece, pieces, trim } from './spans.ts'
import { findBroken, inSpaced } from './split-words.ts'
import { endsInName, isInHindi, isName, type Text } from './word-context.ts'

/** `start` and `end` are UTF-16 offsets in the original text, half open. */
export type Finding = { start: number; end: number; term: string; severity: Severity }

const maxPhrase = 4
const maxChunk = 60

/** `x9ass7` is a code, not a word. */
const inCode = ({ text }: Normal, { start, end }: Piece) =>
  end - start < 4 && /\d/.test((text[start - 1] ?? '') + (text[end] ?? ''))

/** What a word is by itself and beside its neighbours. */
function termAt(text: Text, i: number): string | undefined {
  const word = text.words[i]!
  const term = findWord(word.text)
  if (term === undefined) return isInHindi(text, i) ? findAmbiguous(word.text) : undefined
  if (inCode(text.normal, word)) return undefined
  const before = `${text.words[i - 1]?.text} ${word.text}`
  const after = `${word.text} ${text.words[i + 1]?.text}`
  if (ordinaryPairs.has(before) || ordinaryPairs.has(after)) return undefined
  return names.has(word.text) && isName(text, i) ? undefined : term
}

function* inWords(text: Text): Generator<Match[]> {
  for (const [i, word] of text.words.entries()) yield match(word, termAt(text, i))
}

/** The word at `i` and those after it, as far as only a space, dot or dash stands between them. */
function phraseAt({ normal, words }: Text, i: number): Piece[] {
  const near = words.slice(i, i + maxPhrase)
  const end = near.findIndex(
    (word, n) => n > 0 && !/^[\s._-]{1,3}$/.test(normal.text.slice(near[n - 1]!.end, word.start)),
  )
  return end < 0 ? near : near.slice(0, end)
}

/** Phrases, and one word written as two. */
function* inNeighbours(text: Text): Generator<Match[]> {
  for (const [i, word] of text.words.entries()) {
    const broken = findBroken(word.text, text.words[i + 1]?.text ?? '')
    if (broken && phraseAt(text, i).length > 1) {
      yield match({ start: word.start, end: text.words[i + 1]!.end }, broken)
    }
    if (!beginsPhrase(word.text)) continue
    const phrase = findPhrase(phraseAt(text, i).map(({ text }) => text))
    const last = i + (phrase?.count ?? 1) - 1
    if (phrase && !endsInName(text, i, last)) {
      yield match({ start: word.start, end: text.words[last]!.end }, phrase.term)
    }
  }
}

/** Chunks with something other than letters in them: `$h1t`, `f.u.c.k`, `bhen-chod`. */
function* inChunks(normal: Normal): Generator<Match[]> {
  for (const found of pieces(normal.text, /[\p{L}\p{M}\p{N}@$!+|(<{*#._-]+/gu)) {
    if (found.text.length > maxChunk || /^[\p{L}\p{M}]+$|^[^\p{L}]+$/u.test(found.text)) continue
    // A `!` at the end ends a sentence, and stars around a word stress it.
    const chunk = trim(found, /^[!+|(<{*#._-]+|[!*#._-]+$/g)
    const whole = chunk.text.replace(/[._*#-]/g, '')
    if (whole.length >= 4 && whole.length < chunk.text.length) {
      yield read({ ...chunk, text: whole }, findJoined)
    }
    for (const part of pieces(chunk.text, /[^._-]+/g)) {
      const at = { ...part, start: chunk.start + part.start, end: chunk.start + part.end }
      if (!/[*#]/.test(part.text) && hasLeet(part.text)) yield read(at, findSigned)
    }
  }
}

const findSigned = (word: string) => findWord(word) ?? findHidden(word)

/** Other signs and digits at the end are read with and without. */
function read(piece: Piece, find: (word: string) => string | undefined): Match[] {
  for (const candidate of [piece, trim(piece, /(?!^)[+|(<{0-9]+$/g)]) {
    const lookUp = find === findSigned && !hasLeet(candidate.text) ? findWord : find
    const term = readings(candidate.text).map(lookUp).find(Boolean)
    if (term) return match(candidate, term)
  }
  return []
}

/** Signs for letters that are not said: `f*ck`, `f%ck`, `f@ck`. */
function* inMasked(normal: Normal): Generator<Match[]> {
  for (const found of pieces(normal.text, /[\p{L}\p{M}*#%&^~?=@$!+|0-9]+/gu)) {
    if (found.text.length > maxChunk) continue
    const masked = trim(found, /^[^\p{L}]+|[^\p{L}\p{M}]+$/gu)
    if (/[^\p{L}\p{M}]/u.test(masked.text)) yield match(masked, findMasked(masked.text))
  }
}

export function analyse(original: string): Finding[] {
  const normal = normalise(original)
  const text = { original, normal, words: pieces(normal.text, /[\p{L}\p{M}]+/gu) }
  const matches = [...inWords(text), ...inNeighbours(text), ...inSpaced(normal.text)].flat()
  // Most answers are words and spaces only.
  if (/[^\p{L}\p{M}\s]/u.test(normal.text))
    matches.push(...[...inChunks(normal), ...inMasked(normal)].flat())
  matches.sort((a, b) => a.start - b.start || b.end - a.end)
  const findings: Finding[] = []
  for (const { start, end, term } of matches) {
    const from = normal.starts[start]!
    if (from < (findings.at(-1)?.end ?? 0)) continue
    findings.push({ start: from, end: normal.ends[end - 1]!, term, severity: severityOf(term) })
  }
  return findings
}
