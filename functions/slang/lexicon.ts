// The words and phrases to look for, made once at load, and the ways one word is looked up in them.
import { profaneWords } from '@2toad/profanity/dist/data/profane-words.js'
import { hidden, isOrdinary, obsceneInHindi, ordinary, severityOf } from './allowed-words.ts'
import { readings } from './leet.ts'
import { normalise } from './normalise.ts'
import { Lexicon, sound } from './spelling.ts'
import { findRoot } from './stems.ts'
import { englishPhrases, englishWords } from './word-lists/english.ts'
import { hindiPhrases, hindiWords, hinglishPhrases, hinglishWords } from './word-lists/hinglish.ts'
import { indicPhrases, indicWords } from './word-lists/indic.ts'

// No -er: it makes surnames, and the package lists the agents there are.
const endings = ['s', 'ed', 'ing', 'y']
// Longer than any word worth reading as one; only roots are looked for in what is longer.
const longest = 40

const english = new Lexicon()
const hindi = new Lexicon()
const ambiguous = new Lexicon()
/** Every listed word as it is spelled, for letters that were joined; and how they begin. */
const joined = new Map<string, string>()
const beginnings = new Set<string>()
const byShape = new Map<string, string[]>()
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

function addJoined(word: string, term: string): void {
  joined.set(word, term)
  for (let length = 2; length <= 3; length++) beginnings.add(word.slice(0, length))
}

function addEnglish(listed: string): void {
  // Not `s hit`, which is the end of `India's hit song`, nor letters one by one, which have a reader.
  if (/^[a-z]{2,}([ -][a-z]+)+$/.test(listed)) addPhrase(listed.replaceAll('-', ' '))
  if (/\s|^[a-z]{2,}-/.test(listed)) return
  const [word] = readings(normalise(listed).text)
  if (word === undefined || word.length < 3 || ordinary.has(word)) return
  english.add(word, word)
  addJoined(word, word)
  if (word.length >= 4) addShape(word)
}

function addHindi(term: string): void {
  const word = normalise(term).text
  if (ordinary.has(sound(word))) return
  hindi.add(sound(word), term)
  addJoined(sound(word), term)
  if (word.length >= 5) addShape(word)
}

for (const word of [...profaneWords.get('en')!, ...split(englishWords)]) addEnglish(word)
for (const word of split(`${hinglishWords} ${hindiWords} ${indicWords}`)) addHindi(word)
for (const text of [englishPhrases, hinglishPhrases, hindiPhrases, indicPhrases]) {
  splitPhrases(text).forEach(addPhrase)
}

for (const word of obsceneInHindi) ambiguous.add(word, word)
for (const word of hidden) addJoined(word, word)

function findInflected(word: string): string | undefined {
  for (const ending of endings) {
    const base = word.endsWith(ending) ? word.slice(0, -ending.length) : ''
    if (base.length < 4 || base.endsWith('s') || isOrdinary(base)) continue
    const term = english.find(base)
    if (term) return term
  }
  return undefined
}

/** The term that a whole word stands for, with its inflections and stretched letters. */
export function findWord(word: string): string | undefined {
  if (word.length > longest) return findRoot(word)
  if (word.length < 3 || isOrdinary(word)) return undefined
  return english.find(word) ?? hindi.find(sound(word)) ?? findInflected(word) ?? findRoot(word)
}

/** The term that letters spell which stood apart: as it is listed, so that two words are not taken for one. */
export function findJoined(word: string): string | undefined {
  const heard = /[oewz]/.test(word) ? sound(word) : word
  const found = joined.get(word) ?? joined.get(heard)
  return found ?? (heard.endsWith('s') ? joined.get(heard.slice(0, -1)) : undefined)
}

/** Whether a term begins with these two or three letters. */
export const beginsJoined = (letters: string) => beginnings.has(letters)

/** Ordinary words that are slang where the words around them are Hindi. */
export const findAmbiguous = (word: string) => ambiguous.find(sound(word))

/** Ordinary words that nobody writes with signs for letters, unless to hide them. */
export const findHidden = (word: string) => (hidden.has(word) ? word : undefined)

const unknown = /[*#%&^~?=]/
const mayBeLetter = /[@$!+|0-9]/

/**
 * `f*ck`, `f%ck`: one unknown letter for each sign, with the first letter and enough of the others given. A sign
 * that usually stands for a certain letter may be another one in the most distinct words only: `f@ck`, not `b@tch`.
 */
export function findMasked(word: string): string | undefined {
  const given = word.replace(/[^\p{L}\p{M}]/gu, '').length
  if (word.length > longest || given < 2 || given * 2 < word.length) return undefined
  const distinct = mayBeLetter.test(word)
  return byShape
    .get(`${word[0]}${word.length}`)
    ?.find(
      (term) =>
        severityOf(term) !== 'mild' &&
        (!distinct || findRoot(term) !== undefined) &&
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
