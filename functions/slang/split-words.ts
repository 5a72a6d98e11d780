// Words whose letters somebody set apart. Ordinary words side by side are never joined: `mother funded`,
// `chutti ya half day` and `Dick Heads the department` would all read as slang.
import { toLetters } from './leet.ts'
import { beginsJoined, findJoined } from './lexicon.ts'
import { type Match, match, pieces } from './spans.ts'
import { beginsWithRoot } from './stems.ts'

// People write their initials so: four Latin letters at least. A letter of an Indic script is a syllable.
const leastLatin = 4
const leastIndic = 2
const longest = 14

const letter = String.raw`[\p{L}\p{M}@$!01345]\p{M}*`
const run = new RegExp(
  String.raw`(?<![\p{L}\p{M}\p{N}])${letter}(?:[^\p{L}\p{M}\p{N}@$!]{1,3}${letter}(?![\p{L}\p{M}\p{N}]))+`,
  'gu',
)

const eachLetter = new RegExp(letter, 'gu')

/** Letters one by one, whatever stands between them: `f u c k`, `f,u,c,k`, `चू ति या`. */
export function* inSpaced(text: string): Generator<Match[]> {
  for (const spaced of pieces(text, run)) {
    const letters = pieces(spaced.text, eachLetter)
    const spelled = [false, true].map((second) =>
      letters.map(({ text }) => (/[a-z]/.test(text) ? text : toLetters(text, second))),
    )
    for (let i = 0; i < letters.length; ) {
      const found = joinedAt(spelled[0]!, i) ?? joinedAt(spelled[1]!, i)
      if (found) {
        const start = spaced.start + letters[i]!.start
        yield match({ start, end: spaced.start + letters[i + found.count - 1]!.end }, found.term)
      }
      i += found?.count ?? 1
    }
  }
}

/** The longest term that is spelled out from the letter at `i` on. */
function joinedAt(letters: string[], i: number): { term: string; count: number } | undefined {
  const given = letters.slice(i, i + longest)
  const least = /^[a-z]/.test(given[0]!) ? leastLatin : leastIndic
  if (!beginsJoined(given.slice(0, 3).join('').slice(0, 3))) return undefined
  let best: { term: string; count: number } | undefined
  let word = ''
  for (const [n, one] of given.entries()) {
    word += one
    const term = n + 1 >= least ? findJoined(word) : undefined
    if (term) best = { term, count: n + 1 }
  }
  return best
}

const hasNoVowel = (word: string) => !/[aeiouy]/.test(word) && /^\p{Script=Latin}+$/u.test(word)

/** One word written as two, of which one is no word by itself: `fu ck`, `bi tch`, `f uck`. */
export function findBroken(first: string, second: string): string | undefined {
  if (!hasNoVowel(first) && !hasNoVowel(second)) return undefined
  const term = findJoined(first + second)
  // `s hit` may be the end of `India's hit`, and `c rap` follow a vitamin.
  const single = first.length === 1 || second.length === 1
  return term && single && !beginsWithRoot(term) ? undefined : term
}
