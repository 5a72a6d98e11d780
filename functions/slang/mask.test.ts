import { expect, test } from '@jest/globals'
import { analyse } from './analyse.ts'
import { mask } from './mask.ts'

const masked = (text: string) => mask(text, analyse(text))

test('a finding keeps its first character, the others become stars', () => {
  expect(masked('you bitch, f.u.c.k off')).toBe('you b****, f****** off')
  expect(masked('nothing here')).toBe('nothing here')
})

test('a first character of two UTF-16 units is kept whole', () => {
  expect(masked('𝐟𝐮𝐜𝐤!')).toBe(`𝐟${'*'.repeat(6)}!`)
})

test('decoration and invisible characters of a word are masked with it', () => {
  expect(masked('f\u0336u\u0336c\u0336k\u0336 x')).toBe('f******* x')
})
