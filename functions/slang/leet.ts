// Symbols and digits written for letters: reads `$h1t` and `b!tch` as the words they stand for.

const letters: Record<string, string> = {
  ...{ '@': 'a', $: 's', '!': 'i', '+': 't', '|': 'i', '(': 'c', '<': 'c', '{': 'c' },
  ...{ '0': 'o', '1': 'i', '2': 'z', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '9': 'g' },
}
// What `1`, `!` and `|` may also be.
const alsoL = /[1!|]/

/** Each sign and digit as the letter it is written for; `second`: where two are possible, the other. */
export const toLetters = (text: string, second: boolean) =>
  text.replace(/[^\p{L}\p{M}]/gu, (char) =>
    second && alsoL.test(char) ? 'l' : (letters[char] ?? ''),
  )

/**
 * The words that a piece of text may stand for. None where digits outnumber the letters: `A55` is a phone
 * or a block of flats, and `455` a room.
 */
export function readings(piece: string): string[] {
  const digits = piece.replace(/\D/g, '').length
  const plain = piece.replace(/[^\p{L}\p{M}]/gu, '').length
  if (plain === 0 || digits > plain || (digits > 0 && piece.length < 4)) return []
  const first = toLetters(piece, false)
  return alsoL.test(piece) ? [first, toLetters(piece, true)] : [first]
}

export const hasLeet = (piece: string) => /[@$!+|(<{0-9]/.test(piece)
