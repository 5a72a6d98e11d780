import { expect, test } from '@jest/globals'
import { visiblePattern } from './visible-text.ts'

test('a character is visible unless it is a blank, a mark or ignorable by Unicode', () => {
  const blanks =
    /[\s\p{Cc}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufff9-\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}]/u
  const visible = new RegExp(visiblePattern, 'u')
  const wrong = Array.from({ length: 0x11_0000 }, (_, point) => point).filter((point) => {
    const character = String.fromCodePoint(point)
    return visible.test(character) === blanks.test(character)
  })
  expect(wrong.map((point) => point.toString(16))).toEqual([])
})
