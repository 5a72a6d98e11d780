// Patterns mean what regular expressions mean, and take linear time.
import { expect, test } from '@jest/globals'
import { compilePattern } from './pattern.ts'

const patterns = [
  '[0-9]{1,10}',
  'a|bc|',
  '(?:ab?)*c+',
  '(a|ab)(c|bcd)(d*)',
  'a{2}b{0,2}c{1,}',
  '((a*)*|b)+',
  '[^ab]?.{0,2}',
  '\\d+\\.\\w',
  '[\\]a-c]+',
  '\\p{Lu}[\\p{L}.]*',
  'a+?b??',
  '(?:){3}a',
  '😀{2}|b',
]

test.each(patterns)('%s matches as a regular expression does', (source) => {
  const matches = compilePattern(source)
  const native = new RegExp(`^(?:${source})$`, 'u')
  for (const text of textsOf(['a', 'b', 'c', 'd', '1', '.', ']', 'É', '😀'], 4)) {
    expect([text, matches(text)]).toEqual([text, native.test(text)])
  }
})

const refused: [source: string, message: string][] = [
  ['(a', 'compiles with the flags u and v'],
  ['a**', 'compiles with the flags u and v'],
  ['[a-z', 'compiles with the flags u and v'],
  ['(?=a)b', 'without look-around'],
  ['(?<!a)b', 'without look-around'],
  ['(a)\\1', 'without look-around and references'],
  ['(a{100}){100}', 'not too large'],
  ['(?:(?:){99999}){99999}', 'not too large'],
]

test.each(refused)('%s is refused', (source, message) => {
  expect(() => compilePattern(source)).toThrow(message)
})

test.each(['(a+)+', '(a|a)*', '(a|aa)+', '(.*a){20}', 'a*a*a*a*a*a*', '(?:.{0,9}){9}.*[ab]{50}'])(
  '%s takes linear time on text that almost matches',
  (source) => {
    const matches = compilePattern(source)
    const began = performance.now()
    expect(matches(`${'a'.repeat(2_000)}!`)).toBe(false)
    expect(performance.now() - began).toBeLessThan(500)
  },
)

function textsOf(characters: string[], longest: number): string[] {
  const all = ['']
  for (let from = 0, length = 0; length < longest; length++) {
    const longer = all
      .slice(from)
      .flatMap((text) => characters.map((character) => text + character))
    from = all.length
    all.push(...longer)
  }
  return all
}
