// Whether a word that is slang and a name is a name here. Only its company can tell.
import { englishGrammar, hindiGrammar } from './allowed-words.ts'
import { findWord } from './lexicon.ts'
import type { Normal } from './normalise.ts'
import type { Piece } from './spans.ts'

export type Text = { original: string; normal: Normal; words: Piece[] }

const longestName = 3

const isCapital = ({ original, normal }: Text, word: Piece | undefined) =>
  word !== undefined && /^\p{Lu}\p{Ll}/u.test(original.slice(normal.starts[word.start]))

const isInitial = ({ original, normal }: Text, word: Piece | undefined) =>
  word !== undefined &&
  word.text.length === 1 &&
  /^\p{Lu}/u.test(original.slice(normal.starts[word.start]))

const isGrammar = (word: string) => hindiGrammar.has(word) || englishGrammar.has(word)

/** `Chutia`, `Ranjit Chutia`, `R. Chutia`, and `ranjit chutia` where these are all the words there are. */
export function isName(text: Text, i: number): boolean {
  const { words } = text
  if (isCapital(text, words[i])) {
    const near = [words[i - 1], words[i + 1]]
    return words.length === 1 || near.some((word) => isCapital(text, word) || isInitial(text, word))
  }
  return isShapedAsName(text, i)
}

/** Two or three words and nothing else, the last of which is meant, and the others neither slang nor grammar. */
function isShapedAsName({ normal, words }: Text, i: number): boolean {
  if (words.length < 2 || words.length > longestName || !/^[\p{L}\p{M}\s.]+$/u.test(normal.text)) {
    return false
  }
  const others = words.slice(0, -1)
  return (
    i === others.length &&
    others.every(({ text }) => !isGrammar(text) && findWord(text) === undefined)
  )
}

/** Not capitalised, and beside a word that only a Hindi sentence has: `lund ka`, not `Lund University`. */
export function isInHindi(text: Text, i: number): boolean {
  const { words } = text
  const grammar = [words[i - 1], words[i + 1]].some((word) => word && hindiGrammar.has(word.text))
  return grammar && !isCapital(text, words[i])
}

/** `a Dick Cheney film` has a name where `a dick` has an insult. */
export function endsInName(text: Text, first: number, last: number): boolean {
  const { words } = text
  return (
    !isCapital(text, words[first]) &&
    isCapital(text, words[last]) &&
    isCapital(text, words[last + 1])
  )
}
