// Decides by the words around it whether a word is a name, or slang in a Hindi sentence.
import { englishGrammarWords, hindiGrammarWords } from './allowed-words.ts'
import { findWord } from './lexicon.ts'
import type { NormalText } from './normalise.ts'
import type { Span } from './spans.ts'

export type Text = { original: string; normal: NormalText; words: Span[] }

const maxNameWords = 3

const isCapital = ({ original, normal }: Text, word: Span | undefined) =>
  word !== undefined && /^\p{Lu}\p{Ll}/u.test(original.slice(normal.starts[word.start]))

const isInitial = ({ original, normal }: Text, word: Span | undefined) =>
  word !== undefined &&
  word.text.length === 1 &&
  /^\p{Lu}/u.test(original.slice(normal.starts[word.start]))

const isGrammarWord = (word: string) => hindiGrammarWords.has(word) || englishGrammarWords.has(word)

/** `Chutia`, `Ranjit Chutia`, `R. Chutia`; also `ranjit chutia` if the text has no other words. */
export function isName(text: Text, i: number): boolean {
  const { words } = text
  if (isCapital(text, words[i])) {
    const near = [words[i - 1], words[i + 1]]
    return words.length === 1 || near.some((word) => isCapital(text, word) || isInitial(text, word))
  }
  return isShapedAsName(text, i)
}

/** The text has two or three words only, `i` is the last one, and the others are neither slang nor grammar words. */
function isShapedAsName({ normal, words }: Text, i: number): boolean {
  if (words.length < 2 || words.length > maxNameWords || !/^[\p{L}\p{M}\s.]+$/u.test(normal.text)) {
    return false
  }
  const others = words.slice(0, -1)
  return (
    i === others.length &&
    others.every(({ text }) => !isGrammarWord(text) && findWord(text) === undefined)
  )
}

/** Not capitalised and beside a Hindi grammar word: `lund ka`, not `Lund University`. */
export function isInHindi(text: Text, i: number): boolean {
  const { words } = text
  const grammar = [words[i - 1], words[i + 1]].some(
    (word) => word && hindiGrammarWords.has(word.text),
  )
  return grammar && !isCapital(text, words[i])
}

/** Whether a phrase ends in a name: `a Dick` in `a Dick Cheney film`. */
export function endsInName(text: Text, first: number, last: number): boolean {
  const { words } = text
  return (
    !isCapital(text, words[first]) &&
    isCapital(text, words[last]) &&
    isCapital(text, words[last + 1])
  )
}
