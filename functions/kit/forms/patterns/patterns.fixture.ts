// For tests and the benchmark: accepted patterns, refused patterns, and texts to match.

const alternatives = `(?:${'abcdefghij'.split('').join('|')}|kl)`

/** Patterns that people write, and harmless parts of harmful ones. */
export const accepted: [pattern: string, longest: number][] = [
  ['[A-Z]{3}\\d{4}', 2_000],
  ["[\\p{L}\\p{M}]+(?:[ '’.\\-]+[\\p{L}\\p{M}]+)*", 2_000],
  ['\\p{L}{1,1000}', 2_000],
  ['(?:\\w+ ?)*', 2_000],
  ['(?:\\b\\w+\\b\\s*)*', 2_000],
  ['.*@.*\\..*', 500],
  ['[a-z]{0,999}', 2_000],
  ['[a-z]{0,100}[a-z]{0,100}', 2_000],
  ['(?:a|b)*a(?:a|b){12}', 500],
  ['((a+)+)+', 2_000],
  ['(?:(?:a?){9}){9}', 500],
  ['(?:a*)*(?:b?)*', 2_000],
  ['.*[ab]{20}', 500],
  [`${alternatives}{20}`, 500],
  ['(?<year>\\d{4})-(?<month>\\d{2})', 500],
  ['(?:){3}a|b?$', 500],
  ['\\u{1F600}\\ud83d\\ude00[^\\]\\(\\)\\|*]{0,9}', 500],
]

/** Each would block the endpoint while it is compiled or matched. */
export const refused: [pattern: string, longest: number][] = [
  ['[a-z]{0,999}'.repeat(41), 500],
  ['[a-z]{0,999}'.repeat(41), 1],
  ['[a-z]{0,999}'.repeat(2), 2_000],
  ['(?:[a-z]{0,30}[a-f]{0,30}){0,30}', 500],
  ['(?:(?:(?:a{0,9}){0,9}){0,9})', 2_000],
  [`${alternatives}{500}`, 500],
  ['(?:ab|a|abc|b|bc){0,200}', 500],
  [`(?:${'a'.repeat(400)}){999}`, 500],
  ['(?:a|b)*a(?:a|b){400}', 500],
  ['.*'.repeat(200), 500],
  ['(?:.*a){100}', 500],
  ['.*[ab]{50}', 2_000],
  ['[\\p{L}\\p{M}]'.repeat(120), 2_000],
  ['[\\p{L}]{0,999}[\\p{M}]{0,999}[\\p{N}]{0,999}', 500],
  ['(?:[^a]{0,31}){0,32}b*', 500],
]

const letters = ['a', 'ab', 'abcdefghij', 'a ', 'ab\u0915', '1', '@.a']

/** Texts of the longest length. Patterns match some of them completely, some up to the last character, some not at all. */
export function textsOf(longest: number): string[] {
  const whole = letters.map((some) => some.repeat(longest).slice(0, longest))
  const mixed = [...whole[2]!].map((_, index) => 'abfm'[((index * index) % 7) % 4]).join('')
  return [...whole, mixed].flatMap((text) => [text, `${text.slice(0, -1)}!`])
}
