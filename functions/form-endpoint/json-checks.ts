// Whether an object of a JSON text has two members of one name.

/** `text`: valid JSON; `sent`: what JSON.parse made of it, which keeps the last of two answers under one name. */
export const repeatsName = (text: string, sent: unknown): boolean => namesOf(text) > namesIn(sent)

/** Without escapes quotation marks take turns: every second piece is between texts, and a colon there ends a name. */
function namesOf(text: string): number {
  const pieces = text.replace(/\\./g, '').split('"')
  return pieces.filter((piece, n) => n % 2 === 0 && /^\s*:/.test(piece)).length
}

/** In a loop: a body can be nested more deeply than calls can. */
function namesIn(sent: unknown): number {
  let names = 0
  const waiting = [sent]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null) continue
    const inner = Object.values(value)
    if (!Array.isArray(value)) names += inner.length
    for (const one of inner) if (typeof one === 'object') waiting.push(one)
  }
  return names
}
