import { expect, test } from '@jest/globals'
import { sign, verify } from './sign.ts'

const old = 'o'.repeat(32)
const current = 'c'.repeat(32)
const claim = { label: 'receipt', text: 'an id' }

test('a signature is 43 characters for URLs, and verifies', () => {
  const signature = sign([current], claim) as string
  expect(signature).toMatch(/^[\w-]{43}$/)
  expect(verify([current], claim, signature)).toBe(true)
})

test('the first secret signs, all verify', () => {
  const before = sign([old], claim) as string
  expect(verify([current, old], claim, before)).toBe(true)
  expect(verify([current], claim, before)).toBe(false)
  expect(sign([current, old], claim)).toBe(sign([current], claim))
})

test('without a secret nothing is signed, and nothing verifies', () => {
  expect(sign([], claim)).toBeUndefined()
  expect(verify([], claim, sign([current], claim) as string)).toBe(false)
})

test('a signature is for its label and text only', () => {
  const signature = sign([current], claim) as string
  expect(verify([current], { ...claim, label: 'page' }, signature)).toBe(false)
  expect(verify([current], { ...claim, text: 'another' }, signature)).toBe(false)
  expect(verify([current], { label: 'receiptan', text: ' id' }, signature)).toBe(false)
})

test.each([
  ['nothing', () => ''],
  ['one cut short', (signature: string) => signature.slice(0, -1)],
  ['a longer one', (signature: string) => `${signature}=`],
  [
    'one with a character changed',
    (signature: string) => `${other(signature[0])}${signature.slice(1)}`,
  ],
  ['zeros', () => 'A'.repeat(43)],
  ['characters that are no base64', () => '🎉'.repeat(22)],
])('%s does not verify', (_, change) => {
  expect(verify([current], claim, change(sign([current], claim) as string))).toBe(false)
})

test('one text only is a signature, though others of base64url stand for the same bytes', () => {
  const signature = sign([current], claim) as string
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const verified = [...alphabet].filter((last) =>
    verify([current], claim, `${signature.slice(0, -1)}${last}`),
  )
  expect(verified).toEqual([signature.at(-1)])
})

const other = (character: string | undefined): string => (character === 'x' ? 'y' : 'x')
