import { expect, test } from '@jest/globals'
import { printable } from './printable.ts'

test.each([
  ['a-1.sheets.0', 'a-1.sheets.0'],
  ['Ärger 😀 हिन्दी', 'Ärger 😀 हिन्दी'],
  ['a\nb\r\t\u0000\u001b[31m', 'a\\u{a}b\\u{d}\\u{9}\\u{0}\\u{1b}[31m'],
  ['\u202egpj.exe\u2066', '\\u{202e}gpj.exe\\u{2066}'],
  ['a\u200bb\ufeff\u2028\u2029\u0085', 'a\\u{200b}b\\u{feff}\\u{2028}\\u{2029}\\u{85}'],
  ['\ud83d', '\\u{d83d}'],
  ['\ude00\ud83d\ude00', '\\u{de00}😀'],
  ['', ''],
])('%j becomes %s', (text, expected) => {
  expect(printable(text)).toBe(expected)
})

test.each(['😀', 'a', '\ud83d', '\u202e'])(
  'only the first 200 of many %j are kept',
  (character) => {
    expect(printable(character.repeat(200))).toBe(printable(character).repeat(200))
    expect(printable(character.repeat(201))).toBe(`${printable(character).repeat(200)}…`)
    expect(printable(character.repeat(1_000_000)).isWellFormed()).toBe(true)
  },
)

test('the maximum length can be chosen', () => {
  expect(printable('a😀b', 2)).toBe('a😀…')
})
