// What kinds make by chance: texts, bytes, JSON, and a good input with something changed.
import type { Random } from '../sheets/random.ts'

const odd = [
  '',
  ' ',
  '\0',
  '\t',
  '\r\n',
  '"',
  "'",
  '\\',
  '<',
  '&',
  '%',
  '%00',
  '../',
  '=1+1',
  '{{7*7}}',
  '$(a)',
  '\u202e',
  '\u200b',
  '\ufeff',
  'é',
  'e\u0301',
  'क',
  '😀',
  '👩‍👩‍👧‍👦',
  '𝔸',
  'ﷺ',
  'İ',
  'ß',
  '\u{10ffff}',
  '__proto__',
  'constructor',
  'NaN',
  '-0',
  '1e999',
  '0x10',
  'null',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '$(reboot)',
  'a'.repeat(300),
  '9'.repeat(40),
  '\u0300'.repeat(50),
]

export const text = (random: Random, most = 4): string =>
  Array.from({ length: 1 + random.below(most) }, () => random.pick(odd)).join('')

/** Of printable ASCII, as headers and addresses take it. */
export const ascii = (random: Random, most = 20): string =>
  Array.from({ length: 1 + random.below(most) }, () =>
    String.fromCharCode(33 + random.below(94)),
  ).join('')

export const bytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: 1 + random.below(most) }, () => random.below(256)))

export const number = (random: Random): string =>
  random.pick([
    '0',
    '-0',
    '1',
    '-1',
    '1e400',
    '-1e400',
    '1e-400',
    '0.1',
    '1.50',
    '9007199254740993',
    '1'.repeat(400),
    `0.${'3'.repeat(60)}`,
    '1E+2',
    `${random.below(1e9)}`,
  ])

/** Valid JSON of any shape. */
export function json(random: Random, depth = 3): string {
  const kinds = depth > 0 ? 6 : 4
  const inner = () => json(random, depth - 1)
  const many = () => Array.from({ length: random.below(4) }, inner)
  const kind = random.below(kinds)
  if (kind === 0) return JSON.stringify(text(random))
  if (kind === 1) return number(random)
  if (kind === 2) return random.pick(['true', 'false', 'null'])
  if (kind === 3) return JSON.stringify(random.below(1e6))
  if (kind === 4) return `[${many().join(',')}]`
  return `{${many().map((value) => `${JSON.stringify(text(random, 2))}:${value}`)}}`
}

/** Some bytes are changed, left out, doubled or put elsewhere. */
export function mutated(random: Random, given: string | Buffer): Buffer {
  let now: Buffer = Buffer.from(given)
  for (let n = 1 + random.below(4); n > 0; n--) now = once(random, now)
  return now
}

function once(random: Random, given: Buffer): Buffer {
  const at = random.below(given.length + 1)
  const [before, after] = [given.subarray(0, at), given.subarray(at)]
  const some = 1 + random.below(8)
  return Buffer.concat(
    random.pick([
      [before, bytes(random, 4), after],
      [before, after.subarray(some)],
      [before, after.subarray(0, some), after],
      [before, Buffer.from(text(random, 1)), after],
      [before, bytes(random, 1), after.subarray(1)],
    ]),
  )
}
