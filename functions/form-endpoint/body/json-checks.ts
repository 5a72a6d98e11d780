// Finds what JSON.parse accepts but would store differently: repeated names and halves of surrogate pairs.

/** True if an object has two members of one name. `text`: valid JSON; `parsed`: the result of JSON.parse, which keeps the last. */
export function repeatsName(text: string, parsed: unknown): boolean {
  const members = countMembers(parsed)
  // A colon follows each name. Only if there are more, those within strings have to be told from them.
  return countColons(text) > members && countNames(text) > members
}

function countColons(text: string): number {
  let colons = 0
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) colons += 1
  return colons
}

/** Without escapes, every second piece between quotes is outside of strings. A colon at its start follows a name. */
function countNames(text: string): number {
  const pieces = text.replace(/\\./g, '').split('"')
  return pieces.filter((piece, n) => n % 2 === 0 && /^\s*:/.test(piece)).length
}

/** A loop, as a body may be nested too deeply for recursion. */
function countMembers(parsed: unknown): number {
  let members = 0
  const pending = [parsed]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null) continue
    const inner = Object.values(value)
    if (!Array.isArray(value)) members += inner.length
    for (const one of inner) if (typeof one === 'object') pending.push(one)
  }
  return members
}

// Only escapes can write half of a pair, as its bytes are not valid UTF-8. Most bodies have no such escape.
const anySurrogate = /\\ud[89a-f]/i
const highAlone = /\\ud[89ab][\da-f]{2}(?!\\ud[c-f])/i
const lowAlone = /(?<!\\ud[89ab][\da-f]{2})\\ud[c-f]/i

/** True if a JSON text has half of a surrogate pair, which is not a character and would be stored as another one. */
export function hasLoneSurrogate(text: string): boolean {
  if (!anySurrogate.test(text)) return false
  // An escaped backslash does not begin an escape.
  const escapes = text.replace(/\\[^u]/g, ' ')
  return highAlone.test(escapes) || lowAlone.test(escapes)
}
