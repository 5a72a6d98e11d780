// Leet: symbols and digits in place of letters. Reads `$h1t` and `b!tch` as words.

const letters: Record<string, string> = {
  ...{ '@': 'a', $: 's', '!': 'i', '+': 't', '|': 'i', '(': 'c', '<': 'c', '{': 'c' },
  ...{ '0': 'o', '1': 'i', '2': 'z', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g' },
}
// These may also stand for `l`.
const alsoL = /[1!|]/

/** Replaces each sign and digit by its letter. `second`: by `l` where that is possible. */
export const toLetters = (text: string, second: boolean) =>
  text.replace(/[^\p{L}\p{M}]/gu, (char) =>
    second && alsoL.test(char) ? 'l' : (letters[char] ?? ''),
  )

/** The words that a text may stand for. None if digits outnumber letters: `A55` is a phone or a block of flats, `455` a room. */
export function readings(text: string): string[] {
  const digits = text.replace(/\D/g, '').length
  const plain = text.replace(/[^\p{L}\p{M}]/gu, '').length
  if (plain === 0 || digits > plain || (digits > 0 && text.length < 4)) return []
  const first = toLetters(text, false)
  return alsoL.test(text) ? [first, toLetters(text, true)] : [first]
}

export const hasLeet = (text: string) => /[@$!+|(<{0-9]/.test(text)
