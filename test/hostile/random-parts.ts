// Random parts of hostile inputs: texts, bytes, numbers, JSON, and random changes to a valid input.
import type { Random } from '../sheets/random.ts'

const oddTexts = [
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

/** From 1 to `maxParts` odd texts, joined. */
export const text = (random: Random, maxParts = 4): string =>
  Array.from({ length: 1 + random.below(maxParts) }, () => random.pick(oddTexts)).join('')

/** Printable ASCII without spaces, as headers and URLs may hold it. */
export const ascii = (random: Random, maxLength = 20): string =>
  Array.from({ length: 1 + random.below(maxLength) }, () =>
    String.fromCharCode(33 + random.below(94)),
  ).join('')

export const bytes = (random: Random, maxLength: number): Buffer =>
  Buffer.from(Array.from({ length: 1 + random.below(maxLength) }, () => random.below(256)))

/** A JSON number, often an extreme one. */
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
  const items = () => Array.from({ length: random.below(4) }, inner)
  const kind = random.below(kinds)
  if (kind === 0) return JSON.stringify(text(random))
  if (kind === 1) return number(random)
  if (kind === 2) return random.pick(['true', 'false', 'null'])
  if (kind === 3) return JSON.stringify(random.below(1e6))
  if (kind === 4) return `[${items().join(',')}]`
  return `{${items().map((value) => `${JSON.stringify(text(random, 2))}:${value}`)}}`
}

/** The original after up to four changes: bytes inserted, removed, doubled or replaced. */
export function mutated(random: Random, original: string | Buffer): Buffer {
  let changed: Buffer = Buffer.from(original)
  for (let n = 1 + random.below(4); n > 0; n--) changed = changeOnce(random, changed)
  return changed
}

function changeOnce(random: Random, original: Buffer): Buffer {
  const at = random.below(original.length + 1)
  const [before, after] = [original.subarray(0, at), original.subarray(at)]
  const length = 1 + random.below(8)
  return Buffer.concat(
    random.pick([
      [before, bytes(random, 4), after],
      [before, after.subarray(length)],
      [before, after.subarray(0, length), after],
      [before, Buffer.from(text(random, 1)), after],
      [before, bytes(random, 1), after.subarray(1)],
    ]),
  )
}
