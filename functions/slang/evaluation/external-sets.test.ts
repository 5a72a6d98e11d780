// Minimum figures of the analyser on texts and names that others wrote.
import { expect, test } from '@jest/globals'
import { analyse } from '../analyse.ts'
import { readHinglishTexts, readNames, readWordList, scoreTexts } from './external-sets.ts'

const flagged = (texts: string[]) => texts.filter((text) => analyse(text).length > 0)

test('the external sets are complete', () => {
  const { slang, innocent } = readHinglishTexts()
  expect([slang.length, innocent.length]).toEqual([42, 77])
  const names = readNames()
  expect(Object.values(names).map(({ length }) => length)).toEqual([2763, 1003, 1001])
  expect(readWordList().length).toBe(119)
})

test('on texts that others labelled, recall is at least 0.80, and none of 77 innocent ones is flagged', () => {
  const { precision, recall, falseFlagsPer1000 } = scoreTexts(readHinglishTexts())
  expect(recall).toBeGreaterThanOrEqual(0.8)
  expect([precision, falseFlagsPer1000]).toEqual([1, 0])
})

test('at least 0.4 of a word list is found, which also has everyday words', () => {
  const words = readWordList()
  expect(flagged(words).length / words.length).toBeGreaterThanOrEqual(0.4)
})

test('no Indian name or place is flagged, however it is written', () => {
  const all = Object.values(readNames()).flat()
  expect(flagged([...all, ...all.map((name) => name.toLowerCase())])).toEqual([])
  expect(flagged(all.map((name) => name.toUpperCase()))).toEqual([])
})

/** Marsaglia's xorshift: the same numbers in every run. */
function* numbers(seed: number): Generator<number> {
  for (let n = seed; ; ) {
    n ^= n << 13
    n ^= n >>> 17
    n ^= n << 5
    yield n >>> 0
  }
}

test('none of 20,000 combinations of given name, surname and place is flagged', () => {
  const { 'given names': given, surnames, places } = readNames()
  const random = numbers(10)
  const pick = (from: string[]) => from[random.next().value % from.length]!
  const writings = [
    (text: string) => text,
    (text: string) => text.toLowerCase(),
    (text: string) => text.toUpperCase(),
    (text: string) => text.replaceAll(' ', '-'),
    (text: string) => text.replaceAll(' ', '.'),
    (text: string) => text.replaceAll(' ', '_'),
  ]
  const texts = Array.from({ length: 20_000 }, (_, n) =>
    writings[n % writings.length]!(`${pick(given)} ${pick(surnames)} ${pick(places)}`),
  )
  expect(flagged(texts)).toEqual([])
})

/** All regions, languages and currencies in a language, as Unicode's CLDR names them. */
function cldrNames(language: string): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const pairs = letters.flatMap((a) => letters.map((b) => a + b))
  const codes = {
    region: pairs,
    language: pairs.map((pair) => pair.toLowerCase()),
    currency: Intl.supportedValuesOf('currency'),
  }
  return (['region', 'language', 'currency'] as const).flatMap((type) => {
    const names = new Intl.DisplayNames([language], { type, fallback: 'none' })
    return codes[type].flatMap((code) => names.of(code) ?? [])
  })
}

test.each(['en', 'hi', 'mr', 'gu', 'pa', 'ta', 'ne'])(
  'no name of a country, language or currency is flagged in "%s"',
  (language) => {
    const names = cldrNames(language)
    expect(names.length).toBeGreaterThan(500)
    expect(flagged(names)).toEqual([])
  },
)
