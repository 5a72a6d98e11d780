// Whether a JSON text has half of a surrogate pair, which is no character: it would be stored as another one.

// Most bodies have no such escape. The bytes of half of a pair are no UTF-8, so that only escapes can write it.
const halves = /\\ud[89a-f]/i
const highAlone = /\\ud[89ab][\da-f]{2}(?!\\ud[c-f])/i
const lowAlone = /(?<!\\ud[89ab][\da-f]{2})\\ud[c-f]/i

export function hasHalf(text: string): boolean {
  if (!halves.test(text)) return false
  // An escaped backslash is none that escapes.
  const escapes = text.replace(/\\[^u]/g, ' ')
  return highAlone.test(escapes) || lowAlone.test(escapes)
}
