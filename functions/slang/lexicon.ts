// All listed words and phrases, indexed at load, and the ways to look up a word or phrase.
import { profaneWords } from '@2toad/profanity/dist/data/profane-words.js'
import { isOrdinary, obsceneInHindi, ordinaryWords, slangIfDisguised } from './allowed-words.ts'
import { readings } from './leet.ts'
import { normalise } from './normalise.ts'
import { severityOf } from './severity.ts'
import { sound, WordIndex } from './spelling.ts'
import { findStem } from './stems.ts'
import { englishPhrases, englishWords } from './word-lists/english.ts'
import { hindiPhrases, hindiWords, hinglishPhrases, hinglishWords } from './word-lists/hinglish.ts'
import { indicPhrases, indicWords } from './word-lists/indic.ts'

// Without -er, which occurs in surnames; the package lists the nouns in -er that exist.
const endings = ['s', 'ed', 'ing', 'y']
// In longer words only stems are looked for.
const maxWordLength = 40

const english = new WordIndex()
const hindi = new WordIndex()
const obsceneBesideHindi = new WordIndex()
/** Term by listed spelling, for words whose letters were set apart. */
const bySpelling = new Map<string, string>()
/** The first two and three letters of these spellings. */
const beginnings = new Set<string>()
/** Words by first letter and length, for words with unknown letters. */
const byShape = new Map<string, string[]>()
/** Phrases by their first word. */
const phrases = new Map<string, { rest: string[]; term: string }[]>()

const split = (text: string) => text.trim().split(/\s+/)
const splitPhrases = (text: string) =>
  text
    .split(/[|\n]/)
    .map((s) => s.trim())
    .filter(Boolean)

function addPhrase(term: string): void {
  const [first, ...rest] = split(normalise(term).text).map(sound)
  phrases.set(first!, [...(phrases.get(first!) ?? []), { rest, term }])
}

function addShape(word: string): void {
  const shape = `${word[0]}${word.length}`
  byShape.set(shape, [...(byShape.get(shape) ?? []), word])
}

function addSpelling(word: string, term: string): void {
  bySpelling.set(word, term)
  for (let length = 2; length <= 3; length++) beginnings.add(word.slice(0, length))
}

function addEnglish(listed: string): void {
  // Without `s hit`, which may be the end of `India's hit song`, and single letters, which matchSpacedLetters finds.
  if (/^[a-z]{2,}([ -][a-z]+)+$/.test(listed)) addPhrase(listed.replaceAll('-', ' '))
  if (/\s|^[a-z]{2,}-/.test(listed)) return
  const [word] = readings(normalise(listed).text)
  if (word === undefined || word.length < 3 || ordinaryWords.has(word)) return
  english.add(word, word)
  addSpelling(word, word)
  if (word.length >= 4) addShape(word)
}

function addHindi(term: string): void {
  const word = normalise(term).text
  if (ordinaryWords.has(sound(word))) return
  hindi.add(sound(word), term)
  addSpelling(sound(word), term)
  if (word.length >= 5) addShape(word)
}

for (const word of [...profaneWords.get('en')!, ...split(englishWords)]) addEnglish(word)
for (const word of split(`${hinglishWords} ${hindiWords} ${indicWords}`)) addHindi(word)
for (const text of [englishPhrases, hinglishPhrases, hindiPhrases, indicPhrases]) {
  splitPhrases(text).forEach(addPhrase)
}

for (const word of obsceneInHindi) obsceneBesideHindi.add(word, word)
for (const word of slangIfDisguised) addSpelling(word, word)

function findInflected(word: string): string | undefined {
  for (const ending of endings) {
    const base = word.endsWith(ending) ? word.slice(0, -ending.length) : ''
    if (base.length < 4 || base.endsWith('s') || isOrdinary(base)) continue
    const term = english.find(base)
    if (term) return term
  }
  return undefined
}

/** The term of a word, also if it is inflected or has repeated letters. */
export function findWord(word: string): string | undefined {
  if (word.length > maxWordLength) return findStem(word)
  if (word.length < 3 || isOrdinary(word)) return undefined
  return english.find(word) ?? hindi.find(sound(word)) ?? findInflected(word) ?? findStem(word)
}

/** The term of letters that were set apart. Only listed spellings count, so that two words are not read as one. */
export function findJoined(word: string): string | undefined {
  const heard = /[oewz]/.test(word) ? sound(word) : word
  const found = bySpelling.get(word) ?? bySpelling.get(heard)
  return found ?? (heard.endsWith('s') ? bySpelling.get(heard.slice(0, -1)) : undefined)
}

/** Whether a listed spelling begins with these two or three letters. */
export const beginsListedWord = (letters: string) => beginnings.has(letters)

/** For words beside Hindi grammar: ordinary words that are slang there. */
export const findInHindi = (word: string) => obsceneBesideHindi.find(sound(word))

/** For words with signs for letters: ordinary words that nobody writes so, except as slang. */
export const findIfDisguised = (word: string) => (slangIfDisguised.has(word) ? word : undefined)

const unknown = /[*#%&^~?=]/
const mayBeLetter = /[@$!+|0-9]/

/**
 * The term of a word with signs for unknown letters, `f*ck`, `f%ck`. At least half of the letters and the first one must be
 * known. A sign that usually stands for a certain letter may be another one in words with a stem only: `f@ck`, not `b@tch`.
 */
export function findMasked(word: string): string | undefined {
  const known = word.replace(/[^\p{L}\p{M}]/gu, '').length
  if (word.length > maxWordLength || known < 2 || known * 2 < word.length) return undefined
  const needsStem = mayBeLetter.test(word)
  return byShape
    .get(`${word[0]}${word.length}`)
    ?.find(
      (term) =>
        severityOf(term) !== 'mild' &&
        (!needsStem || findStem(term) !== undefined) &&
        [...term].every(
          (letter, i) => word[i] === letter || unknown.test(word[i]!) || mayBeLetter.test(word[i]!),
        ),
    )
}

export const beginsPhrase = (word: string) => phrases.has(sound(word))

/** The longest phrase that begins with the first of these words; `count` is its number of words. */
export function findPhrase(words: string[]): { term: string; count: number } | undefined {
  const heard = words.map(sound)
  let best: { term: string; count: number } | undefined
  for (const { rest, term } of phrases.get(heard[0]!) ?? []) {
    if (rest.length + 1 > (best?.count ?? 0) && rest.every((word, i) => word === heard[i + 1])) {
      best = { term, count: rest.length + 1 }
    }
  }
  return best
}
