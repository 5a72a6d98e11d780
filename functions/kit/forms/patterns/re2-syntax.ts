// Translates a pattern from JavaScript's syntax, in which forms publish it, to RE2's, which matches it. The meaning stays the same.
// https://tc39.es/ecma262/#sec-patterns, https://github.com/google/re2/wiki/Syntax

// One token of a pattern that JavaScript accepts with both flags u and v, so that classes do not nest.
const token =
  /\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u\{\w+\}|\\u.{4}|\\[pP]\{[^}]*\}|\\c.|\\.|\(\?<?[^:]|\{\d[\d,]*\}|\[\^?\]?|&&|--|./gsu

// The characters that \s matches in JavaScript, and all others. In RE2 \s is ASCII only.
const space =
  '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const notSpace =
  '\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}' +
  '\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}'

const maxRepeat = 1000
const scripts = new Set(['Script', 'sc'])

const outsideClass: Record<string, string> = {
  '.': '[^\\n\\r\\x{2028}\\x{2029}]',
  '\\s': `[${space}]`,
  '\\S': `[^${space}]`,
  '[]': '[^\\x00-\\x{10ffff}]',
  '[^]': '[\\x00-\\x{10ffff}]',
}
const insideClass: Record<string, string> = { '\\s': space, '\\S': notSpace, '\\b': '\\x08' }

/** Throws an Error that completes "expected …". */
export function toRe2(source: string): string {
  let within = false
  return source.replace(token, (found) => {
    refuse(found, within)
    const meaning = (within ? insideClass : outsideClass)[found]
    within = within ? found !== ']' : /^\[\^?$/.test(found)
    return meaning ?? (found.startsWith('\\') ? escapeOf(found) : found)
  })
}

/** Throws for syntax that RE2 lacks or reads differently. */
function refuse(found: string, within: boolean): void {
  if (within) {
    // The flag v reads them as intersection and difference, the flag u as characters.
    if (found === '&&' || found === '--') throw without(`${found} in a class`)
    return
  }
  if (/^\(\?<?[=!]|^\\[1-9k]/.test(found)) throw without('look-around and references')
  if (/^\(\?[^<]/.test(found)) throw without('flags, like (?i:…)')
  const counts = found.match(/\d+/g) ?? []
  if (found.startsWith('{') && counts.some((count) => Number(count) > maxRepeat)) {
    throw without(`a repeat of more than ${maxRepeat} times`)
  }
}

function escapeOf(found: string): string {
  const kind = found[1] as string
  if (kind === 'c') return character(found.charCodeAt(2) % 32)
  if (kind === 'u') return character(pointOf(found))
  if (!/p/i.test(kind)) return found
  const [, name, value] = /^(?:([A-Za-z_]+)=)?(\w+)$/.exec(found.slice(3, -1)) ?? []
  const known = name === undefined ? /^[A-Z][a-z]?$|^LC$/.test(value ?? '') : scripts.has(name)
  if (known) return `\\${kind}{${value}}`
  throw without(`${found}: categories are written as \\p{Lu}, scripts as \\p{Script=Devanagari}`)
}

function pointOf(found: string): number {
  if (found.startsWith('\\u{')) return Number.parseInt(found.slice(3, -1), 16)
  return (JSON.parse(`"${found}"`) as string).codePointAt(0) as number
}

function character(point: number): string {
  if (point >= 0xd800 && point <= 0xdfff) throw without('half of a surrogate pair')
  return `\\x{${point.toString(16)}}`
}

const without = (what: string): Error => new Error(`a regular expression without ${what}`)
