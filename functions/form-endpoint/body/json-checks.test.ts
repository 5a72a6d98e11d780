// JSON.parse keeps the last of two members with one name. The check finds every repeated name, and nothing else.
import { expect, test } from '@jest/globals'
import { repeatsName } from './json-checks.ts'

/** Mulberry32, a random number generator with a seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

type Random = ReturnType<typeof randomOf>
const signs = ['"', '\\', ':', 'a', ' ', '{', ',']

/** A JSON string of the text; some characters are escaped although they need not be. */
function writtenText(text: string, random: Random): string {
  const hex = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  const signOf = (sign: string) => (random(3) === 0 ? hex(sign) : JSON.stringify(sign).slice(1, -1))
  return `"${[...text].map(signOf).join('')}"`
}

const textOf = (random: Random): string =>
  Array.from({ length: random(3) }, () => signs[random(signs.length)]).join('')

const space = (random: Random): string => ['', '', ' ', '\n\t'][random(4)] as string

interface Sample {
  text: string
  /** The parsed text. Not made by JSON.parse: in Node 24 it confuses some escaped names with others that end with a backslash. */
  sent: unknown
  repeats: boolean
}

function makeSample(random: Random, depth: number): Sample {
  const kind = random(depth === 0 ? 2 : 4)
  const own = textOf(random)
  if (kind === 0) return { text: '7', sent: 7, repeats: false }
  if (kind === 1) return { text: writtenText(own, random), sent: own, repeats: false }
  const inner = Array.from({ length: random(4) }, () => makeSample(random, depth - 1))
  const joined = (parts: string[]) => parts.join(`${space(random)},${space(random)}`)
  const repeats = inner.some((one) => one.repeats)
  if (kind === 2) {
    const text = `[${joined(inner.map((one) => one.text))}]`
    return { text, sent: inner.map(({ sent }) => sent), repeats }
  }
  const named = inner.map(({ sent }): [string, unknown] => [textOf(random), sent])
  const members = named.map(
    ([name], n) =>
      `${writtenText(name, random)}${space(random)}:${space(random)}${inner[n]?.text ?? ''}`,
  )
  const sent = Object.fromEntries(named)
  const lost = Object.keys(sent).length < named.length
  return { text: `{${joined(members)}}`, sent, repeats: repeats || lost }
}

test('repeated names are found in random objects with quotes, backslashes and colons in their names, and only there', () => {
  const random = randomOf(11)
  const found = { repeated: 0, unique: 0 }
  for (let n = 0; n < 20_000; n++) {
    const { text, sent, repeats } = makeSample(random, 3)
    found[repeats ? 'repeated' : 'unique'] += 1
    const check = { text, repeats: repeatsName(text, sent) }
    if (check.repeats !== repeats) expect(check).toEqual({ text, repeats })
  }
  expect(Math.min(found.repeated, found.unique)).toBeGreaterThan(1000)
})

test('4 MiB of backslashes, quotes or unclosed strings are checked in linear time', () => {
  const length = 2 ** 22
  for (const text of ['\\'.repeat(length), '\\"'.repeat(length / 2), ':" '.repeat(length / 3)]) {
    const sent = { [text]: text }
    expect(repeatsName(JSON.stringify(sent), sent)).toBe(false)
  }
})
