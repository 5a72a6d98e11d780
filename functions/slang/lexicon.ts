// The words and phrases to look for, made once at load, and the ways one word is looked up in them.
import { profaneWords } from '@2toad/profanity/dist/data/profane-words.js'
import { englishPhrases, englishWords } from './english.ts'
import { hindiPhrases, hindiWords, hinglishPhrases, hinglishWords } from './hinglish.ts'
import { readings } from './leet.ts'
import { normalise } from './normalise.ts'
import { ordinary, severityOf } from './policy.ts'
import { findRoot } from './roots.ts'

// No -er: it makes surnames, and the package lists the agents there are.
const endings = ['s', 'ed', 'ing', 'y']
// Longer than any word worth reading as one; only roots are looked for in what is longer.
const longest = 40

/** Each letter once, however often it is repeated. */
const skeleton = (word: string) => word.replace(/(.)\1+/g, '$1')

/** Whether every letter of `word` stands in `text` at least as often; their skeletons are the same. */
function isStretched(word: string, text: string): boolean {
  let at = 0
  for (let i = 0; i < word.length; i++) {
    if (word[i] !== text[at++]) return false
    if (word[i + 1] !== word[i]) while (text[at] === word[i]) at++
  }
  return at === text.length
}

/** Romanised Hindi has no one spelling: what sounds the same is written the same. */
const sound = (word: string) =>
  word.replace(/o{2,}/g, 'u').replace(/e{2,}/g, 'i').replace(/w/g, 'v').replace(/z/g, 'j')

class Lexicon {
  readonly #words = new Map<string, { word: string; term: string }[]>()

  add(word: string, term: string): void {
    if (ordinary.has(word)) return
    const key = skeleton(word)
    const same = this.#words.get(key)
    if (same) same.push({ word, term })
    else this.#words.set(key, [{ word, term }])
  }

  /** Repeated letters are allowed where the word is long enough, or where nobody would spell it so. */
  find(text: string): string | undefined {
    const key = skeleton(text)
    const same = this.#words.get(key)
    if (!same) return undefined
    const stretches = key.length >= 5 || /(.)\1\1/.test(text)
    return same.find(({ word }) => word === text || (stretches && isStretched(word, text)))?.term
  }
}

const english = new Lexicon()
const hindi = new Lexicon()
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

function addEnglish(listed: string): void {
  // Not `s hit`, which is the end of `India's hit song`, nor letters one by one, which have a reader.
  if (/^[a-z]{2,}([ -][a-z]+)+$/.test(listed)) addPhrase(listed.replaceAll('-', ' '))
  if (/\s|^[a-z]{2,}-/.test(listed)) return
  const [word] = readings(normalise(listed).text)
  if (word === undefined || word.length < 3) return
  english.add(word, word)
  if (word.length >= 4 && !ordinary.has(word)) addShape(word)
}

function addHindi(term: string): void {
  const word = normalise(term).text
  hindi.add(sound(word), term)
  if (word.length >= 5) addShape(word)
}

for (const word of [...profaneWords.get('en')!, ...split(englishWords)]) addEnglish(word)
for (const word of split(`${hinglishWords} ${hindiWords}`)) addHindi(word)
for (const text of [englishPhrases, hinglishPhrases, hindiPhrases]) {
  splitPhrases(text).forEach(addPhrase)
}

function findInflected(word: string): string | undefined {
  for (const ending of endings) {
    const base = word.endsWith(ending) ? word.slice(0, -ending.length) : ''
    if (base.length < 4 || base.endsWith('s') || ordinary.has(base)) continue
    const term = english.find(base)
    if (term) return term
  }
  return undefined
}

/** The term that a whole word stands for, with its inflections and stretched letters. */
export function findWord(word: string): string | undefined {
  if (word.length > longest) return findRoot(word)
  if (word.length < 3 || ordinary.has(word)) return undefined
  return english.find(word) ?? hindi.find(sound(word)) ?? findInflected(word) ?? findRoot(word)
}

/** `f*ck`: one unknown letter for each star, with the first letter and enough of the others given. */
export function findMasked(word: string): string | undefined {
  const given = word.replace(/[*#]/g, '').length
  if (word.length > longest || given < 2 || given * 2 < word.length) return undefined
  return byShape
    .get(`${word[0]}${word.length}`)
    ?.find(
      (term) =>
        severityOf(term) !== 'mild' &&
        [...term].every((letter, i) => word[i] === letter || word[i] === '*' || word[i] === '#'),
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
