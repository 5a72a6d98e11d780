// Finds slang in a text, with its position and severity.
import { ordinaryPairs, slangNames } from './allowed-words.ts'
import { hasLeet, readings } from './leet.ts'
import {
  beginsPhrase,
  findIfDisguised,
  findInHindi,
  findJoined,
  findMasked,
  findPhrase,
  findWord,
} from './lexicon.ts'
import { type NormalText, normalise } from './normalise.ts'
import { type Severity, severityOf } from './severity.ts'
import { type Match, matchAt, type Span, spansOf, trim } from './spans.ts'
import { findSplitWord, matchSpacedLetters } from './split-words.ts'
import { endsInName, isInHindi, isName, type Text } from './word-context.ts'

/** `start` and `end` are UTF-16 offsets in the original text, half open. */
export type Finding = { start: number; end: number; term: string; severity: Severity }

const maxPhraseWords = 4
const maxChunkLength = 60

/** Short words between digits are part of a code, such as `x9ass7`. */
const isPartOfCode = ({ text }: NormalText, { start, end }: Span) =>
  end - start < 4 && /\d/.test((text[start - 1] ?? '') + (text[end] ?? ''))

/** The slang term that the word at `i` is, considering the words beside it. */
function termAt(text: Text, i: number): string | undefined {
  const word = text.words[i]!
  const term = findWord(word.text)
  if (term === undefined) return isInHindi(text, i) ? findInHindi(word.text) : undefined
  if (isPartOfCode(text.normal, word)) return undefined
  const before = `${text.words[i - 1]?.text} ${word.text}`
  const after = `${word.text} ${text.words[i + 1]?.text}`
  if (ordinaryPairs.has(before) || ordinaryPairs.has(after)) return undefined
  return slangNames.has(word.text) && isName(text, i) ? undefined : term
}

function* matchWords(text: Text): Generator<Match[]> {
  for (const [i, word] of text.words.entries()) yield matchAt(word, termAt(text, i))
}

/** The word at `i` and up to three after it, as long as only spaces, dots or dashes separate them. */
function phraseAt({ normal, words }: Text, i: number): Span[] {
  const near = words.slice(i, i + maxPhraseWords)
  const end = near.findIndex(
    (word, n) => n > 0 && !/^[\s._-]{1,3}$/.test(normal.text.slice(near[n - 1]!.end, word.start)),
  )
  return end < 0 ? near : near.slice(0, end)
}

/** Finds phrases, and one word written as two. */
function* matchPhrases(text: Text): Generator<Match[]> {
  for (const [i, word] of text.words.entries()) {
    const broken = findSplitWord(word.text, text.words[i + 1]?.text ?? '')
    if (broken && phraseAt(text, i).length > 1) {
      yield matchAt({ start: word.start, end: text.words[i + 1]!.end }, broken)
    }
    if (!beginsPhrase(word.text)) continue
    const phrase = findPhrase(phraseAt(text, i).map(({ text }) => text))
    const last = i + (phrase?.count ?? 1) - 1
    if (phrase && !endsInName(text, i, last)) {
      yield matchAt({ start: word.start, end: text.words[last]!.end }, phrase.term)
    }
  }
}

/** Finds words that contain other characters than letters: `$h1t`, `f.u.c.k`, `bhen-chod`. */
function* matchLeet(normal: NormalText): Generator<Match[]> {
  for (const found of spansOf(normal.text, /[\p{L}\p{M}\p{N}@$!+|(<{*#._-]+/gu)) {
    if (found.text.length > maxChunkLength || /^[\p{L}\p{M}]+$|^[^\p{L}]+$/u.test(found.text))
      continue
    // A `!` at the end belongs to the sentence, stars around a word emphasise it.
    const chunk = trim(found, /^[!+|(<{*#._-]+|[!*#._-]+$/g)
    const whole = chunk.text.replace(/[._*#-]/g, '')
    if (whole.length >= 4 && whole.length < chunk.text.length) {
      yield read({ ...chunk, text: whole }, findJoined)
    }
    for (const part of spansOf(chunk.text, /[^._-]+/g)) {
      const at = { ...part, start: chunk.start + part.start, end: chunk.start + part.end }
      if (!/[*#]/.test(part.text) && hasLeet(part.text)) yield read(at, findLeet)
    }
  }
}

const findLeet = (word: string) => findWord(word) ?? findIfDisguised(word)

/** Reads signs as letters. Signs and digits at the end are read both as letters and as no part of the word. */
function read(span: Span, find: (word: string) => string | undefined): Match[] {
  for (const candidate of [span, trim(span, /(?!^)[+|(<{0-9]+$/g)]) {
    const lookUp = find === findLeet && !hasLeet(candidate.text) ? findWord : find
    const term = readings(candidate.text).map(lookUp).find(Boolean)
    if (term) return matchAt(candidate, term)
  }
  return []
}

/** Finds words with signs in place of unknown letters: `f*ck`, `f%ck`, `f@ck`. */
function* matchMasked(normal: NormalText): Generator<Match[]> {
  for (const found of spansOf(normal.text, /[\p{L}\p{M}*#%&^~?=@$!+|0-9]+/gu)) {
    if (found.text.length > maxChunkLength) continue
    const masked = trim(found, /^[^\p{L}]+|[^\p{L}\p{M}]+$/gu)
    if (/[^\p{L}\p{M}]/u.test(masked.text)) yield matchAt(masked, findMasked(masked.text))
  }
}

/** Findings are in the order of the text and do not overlap. */
export function analyse(original: string): Finding[] {
  const normal = normalise(original)
  const text = { original, normal, words: spansOf(normal.text, /[\p{L}\p{M}]+/gu) }
  const matches = [
    ...matchWords(text),
    ...matchPhrases(text),
    ...matchSpacedLetters(normal.text),
  ].flat()
  // Skipped for words and spaces only, as most answers are.
  if (/[^\p{L}\p{M}\s]/u.test(normal.text))
    matches.push(...[...matchLeet(normal), ...matchMasked(normal)].flat())
  matches.sort((a, b) => a.start - b.start || b.end - a.end)
  const findings: Finding[] = []
  for (const { start, end, term } of matches) {
    const from = normal.starts[start]!
    if (from < (findings.at(-1)?.end ?? 0)) continue
    findings.push({ start: from, end: normal.ends[end - 1]!, term, severity: severityOf(term) })
  }
  return findings
}
