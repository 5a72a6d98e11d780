// Spellings of one word: repeated letters, and Hindi written by ear.

/** The word with each run of a letter cut to one. */
const skeleton = (word: string) => word.replace(/(.)\1+/g, '$1')

/** Whether `text` is `word` with some letters repeated. Their skeletons must be equal. */
function isStretched(word: string, text: string): boolean {
  let at = 0
  for (let i = 0; i < word.length; i++) {
    if (word[i] !== text[at++]) return false
    if (word[i + 1] !== word[i]) while (text[at] === word[i]) at++
  }
  return at === text.length
}

/** Gives spellings that sound the same one form, as romanised Hindi has no fixed spelling. */
export const sound = (word: string) =>
  word.replace(/o{2,}/g, 'u').replace(/e{2,}/g, 'i').replace(/w/g, 'v').replace(/z/g, 'j')

/** Finds words however often their letters are repeated. */
export class WordIndex {
  /** Keyed by skeleton. */
  readonly #words = new Map<string, { word: string; term: string }[]>()

  add(word: string, term: string): void {
    const key = skeleton(word)
    const same = this.#words.get(key)
    if (same) same.push({ word, term })
    else this.#words.set(key, [{ word, term }])
  }

  /** Accepts repeated letters in long words, and in short ones only if a letter comes three times. */
  find(text: string): string | undefined {
    const key = skeleton(text)
    const same = this.#words.get(key)
    if (!same) return undefined
    const stretches = key.length >= 5 || /(.)\1\1/.test(text)
    return same.find(({ word }) => word === text || (stretches && isStretched(word, text)))?.term
  }
}
