// Patterns match as JavaScript's regular expressions do, in linear time.
import { expect, test } from '@jest/globals'
import { compilePattern } from './compile-pattern.ts'

const longest = 200

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

test.each(patterns)('%s matches the same texts as in JavaScript', (source) => {
  const matches = compilePattern(source, longest)
  const native = new RegExp(`^(?:${source})$`, 'u')
  const texts = [...textsOf(['a', 'b', 'c', 'd', '1', '.', ']', 'É', '😀'], 4)]
  expect(texts.filter((text) => native.test(text) !== matches(text))).toEqual([])
})

// Each is compared with JavaScript, with both flags, for each of the characters below.
const constructs = [
  ...['.', '\\s', '\\S', '\\d', '\\D', '\\w', '\\W', '[\\s]', '[^\\s]', '[\\S]', '[^\\S]'],
  ...['[\\s\\S]', '[\\sa]', '[^\\s,]', '[\\S\\n]', '[\\w\\-.]', '[^]', '[]', '[]|a', '[^\\n]'],
  ...[
    '\\u0915',
    '[\\u0915-\\u0939]',
    '\\u{1F600}',
    '\\ud83d\\ude00',
    '[\\ud83d\\ude00-😂]',
    '\\x41',
  ],
  ...['[\\u{1F600}-\\u{1F64F}]', '\\cA', '[\\cZ]', '\\0', '[\\0]', '\\v', '\\f', '\\t', '[\\b]'],
  ...['[.]', '\\.', '\\/', '[\\/]', '\\$', '[$]', '[\\]]', '[\\[]', '\\[', '\\]', '\\\\', '[\\\\]'],
  ...['[\\^]', '\\^', '[&]', '\\{', '\\(\\?', '[\\(?=]', '[,{3}]'.replace('{3}', '\\{3\\}')],
  ...[
    '\\p{L}',
    '\\P{L}',
    '[\\p{L}\\p{M}]',
    '[^\\p{L}]',
    '[\\P{L}]',
    '\\p{LC}',
    '\\p{Nd}',
    '\\p{Zs}',
  ],
  ...[
    '\\p{Cn}',
    '\\p{Sc}',
    '\\p{Script=Devanagari}',
    '\\p{sc=Tamil}',
    '\\P{Script=Latin}',
    '\\p{Script=Han}',
  ],
  ...[
    '[\\p{Script=Old_Italic}\\s]',
    '\\p{Script=Common}',
    '(?<name>a|ä)',
    'a\\b',
    '\\b\\w',
    '\\Ba',
  ],
]
// Every character that an engine treats specially, and a sample of the others.
const characters = Array.from({ length: 0x11_0000 }, (_, point) => point)
  .filter((point) => point < 0x3100 || (point >= 0xfe00 && point < 0x1_0000) || point % 251 === 0)
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point))
  .concat('', '😀', '😂', '\n\n', '\r\n', 'a\n', '\na')

test.each(constructs)('%s matches the same characters in both engines', (source) => {
  const matches = compilePattern(source, longest)
  for (const flag of ['u', 'v']) {
    const native = new RegExp(`^(?:${source})$`, flag)
    expect(characters.filter((text) => native.test(text) !== matches(text))).toEqual([])
  }
})

const refused: [source: string, message: string][] = [
  ['(a', 'compiles with the flags u and v'],
  ['a**', 'compiles with the flags u and v'],
  ['[a-z', 'compiles with the flags u and v'],
  ['\\pL', 'compiles with the flags u and v'],
  ['[[:alpha:]]', 'compiles with the flags u and v'],
  ['[[a-z]&&[a]]', 'compiles with the flags u and v'],
  ['\\p{Devanagari}', 'compiles with the flags u and v'],
  ['(?=a)b', 'without look-around'],
  ['(?!a)b', 'without look-around'],
  ['(?<!a)b', 'without look-around'],
  ['(?<=a)b', 'without look-around'],
  ['(a)\\1', 'without look-around and references'],
  ['(?<n>a)\\k<n>', 'without look-around and references'],
  ['(?i:a)', 'without flags, like (?i:…)'],
  ['(?-i:a)', 'without flags, like (?i:…)'],
  ['[a&&b]', 'without && in a class'],
  ['[!--0]', 'without -- in a class'],
  ['\\ud83d', 'without half of a surrogate pair'],
  ['[\\u{dfff}]', 'without half of a surrogate pair'],
  ...['Letter', 'Script_Extensions=Deva', 'Alphabetic', 'Emoji', 'gc=Lu', 'Any'].map(
    (property): [string, string] => [
      `[\\p{${property}}]`,
      `without \\p{${property}}: categories are written as \\p{Lu}, scripts as \\p{Script=Devanagari}`,
    ],
  ),
  ['\\p{Script=Deva}', 'of scripts by their long names'],
  ['a{1001}', 'without a repeat of more than 1000 times'],
  ['a{0,99999}', 'without a repeat of more than 1000 times'],
  ['(a{2}){501}', 'not too large'],
  ['(a{100}){100}', 'at most 4000 parts'],
  ['(?:(?:){99999}){99999}', 'without a repeat of more than 1000 times'],
]

test.each(refused)('%s is refused', (source, message) => {
  expect(() => compilePattern(source, longest)).toThrow(message)
})

test.each(['(a+)+', '(a|a)*', '(a|aa)+', '(.*a){20}', 'a*a*a*a*a*a*', '(?:.{0,9}){9}.*[ab]{50}'])(
  '%s takes linear time on text that almost matches',
  (source) => {
    const matches = compilePattern(source, longest)
    const before = process.cpuUsage()
    expect(matches(`${'a'.repeat(longest)}!`)).toBe(false)
    // CPU time, which other processes do not change. An engine that backtracks takes hours.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000)
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
