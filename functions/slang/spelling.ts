// How one word may be spelled: letters repeated, and Hindi written by ear.

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
export const sound = (word: string) =>
  word.replace(/o{2,}/g, 'u').replace(/e{2,}/g, 'i').replace(/w/g, 'v').replace(/z/g, 'j')

/** Words by their skeleton, so that one is found however its letters are repeated. */
export class Lexicon {
  readonly #words = new Map<string, { word: string; term: string }[]>()

  add(word: string, term: string): void {
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
