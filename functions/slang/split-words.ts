// Finds words that are split up. Ordinary words side by side are never joined: `mother funded`, `chutti ya half day` and
// `Dick Heads the department` would all read as slang.
import { toLetters } from './leet.ts'
import { beginsListedWord, findJoined } from './lexicon.ts'
import { type Match, matchAt, spansOf } from './spans.ts'
import { beginsWithStem } from './stems.ts'

// At least four Latin letters, as people write initials apart. A letter of an Indic script is a syllable.
const minLatin = 4
const minIndic = 2
const maxLetters = 14

const letter = String.raw`[\p{L}\p{M}@$!01345]\p{M}*`
const run = new RegExp(
  String.raw`(?<![\p{L}\p{M}\p{N}])${letter}(?:[^\p{L}\p{M}\p{N}@$!]{1,3}${letter}(?![\p{L}\p{M}\p{N}]))+`,
  'gu',
)

const eachLetter = new RegExp(letter, 'gu')

/** Finds words whose letters are set apart by any characters: `f u c k`, `f,u,c,k`, `चू ति या`. */
export function* matchSpacedLetters(text: string): Generator<Match[]> {
  for (const spaced of spansOf(text, run)) {
    const letters = spansOf(spaced.text, eachLetter)
    const spelled = [false, true].map((second) =>
      letters.map(({ text }) => (/[a-z]/.test(text) ? text : toLetters(text, second))),
    )
    for (let i = 0; i < letters.length; ) {
      const found = joinedAt(spelled[0]!, i) ?? joinedAt(spelled[1]!, i)
      if (found) {
        const start = spaced.start + letters[i]!.start
        yield matchAt({ start, end: spaced.start + letters[i + found.count - 1]!.end }, found.term)
      }
      i += found?.count ?? 1
    }
  }
}

/** The longest term that the letters from `i` on spell. */
function joinedAt(letters: string[], i: number): { term: string; count: number } | undefined {
  const next = letters.slice(i, i + maxLetters)
  const min = /^[a-z]/.test(next[0]!) ? minLatin : minIndic
  if (!beginsListedWord(next.slice(0, 3).join('').slice(0, 3))) return undefined
  let best: { term: string; count: number } | undefined
  let word = ''
  for (const [n, one] of next.entries()) {
    word += one
    const term = n + 1 >= min ? findJoined(word) : undefined
    if (term) best = { term, count: n + 1 }
  }
  return best
}

const hasNoVowel = (word: string) => !/[aeiouy]/.test(word) && /^\p{Script=Latin}+$/u.test(word)

/** Finds one word that is written as two, one of which has no vowel: `fu ck`, `bi tch`, `f uck`. */
export function findSplitWord(first: string, second: string): string | undefined {
  if (!hasNoVowel(first) && !hasNoVowel(second)) return undefined
  const term = findJoined(first + second)
  // `s hit` may be the end of `India's hit`, and `c rap` may follow `vitamin`.
  const single = first.length === 1 || second.length === 1
  return term && single && !beginsWithStem(term) ? undefined : term
}
