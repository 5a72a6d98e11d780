// Compares the counted cost of patterns with the size of RE2's programs and the work of its matcher.
import { describe, expect, test } from '@jest/globals'
import { RE2JS } from 're2js'
import { problemsIn, yamlOf } from '../form.fixture.ts'
import { compilePattern } from './compile-pattern.ts'
import { attemptsOf, costOf } from './cost.ts'
import { accepted, refused, textsOf } from './patterns.fixture.ts'
import { toRe2 } from './re2-syntax.ts'

/** Counts the instructions that a match reads, as RE2JS does not. */
function workOf(pattern: string, text: string): number {
  const compiled = RE2JS.compile(`^(?:${toRe2(pattern)})$`)
  const { prog } = compiled.re2() as unknown as { prog: { inst: object[] } }
  let looks = 0
  prog.inst = new Proxy(prog.inst, {
    get(target, key, receiver) {
      looks += 1
      return Reflect.get(target, key, receiver)
    },
  })
  compiled.matcher(text).matches()
  return looks
}

describe.each(accepted)('%s for %i characters', (pattern, longest) => {
  const cost = costOf(pattern, longest)

  test('compiles to at most as many instructions as parts were counted', () => {
    const size = RE2JS.compile(`^(?:${toRe2(pattern)})$`).programSize()
    const around = 6
    expect(size).toBeLessThanOrEqual(cost.parts + around)
  })

  test('reads a number of instructions in proportion to its steps, for each text', () => {
    compilePattern(pattern, longest)
    const work = textsOf(longest).map((text) => workOf(pattern, text))
    // A step reads an instruction and those that follow it.
    expect(Math.max(...work)).toBeLessThanOrEqual(6 * cost.steps + 6 * longest + 100)
  })
})

const refusal =
  /^a pattern (of at most \d+ parts with its counts written out, not about \d+|that takes at most \d+ steps for \d+ characters, not up to \d+): /

test.each(refused)('%s for %i characters is refused', (pattern, longest) => {
  expect(() => compilePattern(pattern, longest)).toThrow(refusal)
})

test('the message says which number to change', () => {
  const field = (pattern: string) => `{ type: text, max: 2000, pattern: '${pattern}' }`
  const [tooLarge] = problemsIn(yamlOf({ a: field('[a-z]{0,999}'.repeat(41)) }))
  expect(tooLarge).toMatch(
    /^forms\/a.yaml:3: fields.a.pattern: expected a pattern of at most 4000 parts .* not about 81918: use smaller counts, found "\[a-z\]/,
  )
  const [tooSlow] = problemsIn(yamlOf({ a: field('.*[ab]{50}') }))
  expect(tooSlow).toMatch(
    /expected a pattern that takes at most 30000 steps for 2000 characters, not up to \d+: use a smaller max or smaller counts/,
  )
})

test('the patterns of a form have a common bound, and those beyond it are not compiled', () => {
  const fields = (count: number, pattern: string) =>
    yamlOf(
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`f${n}`, `{ type: text, pattern: '${pattern}' }`]),
      ),
    )
  const [slow, ...more] = problemsIn(fields(200, '.*[ab]{20}'))
  expect(slow).toMatch(
    /:\d+: fields.f\d+: expected patterns of at most 200000 steps together: .*, found \d+ up to here$/,
  )
  expect(more).toEqual([])
  expect(problemsIn(fields(200, '[a-z]{0,999}'))).toEqual([
    expect.stringMatching(/fields.f5: .* at most 10000 parts together/),
  ])
  expect(problemsIn(fields(200, '[A-Z]{3}\\d{4}'))).toEqual([])
  expect(problemsIn(fields(40, '\\w+(?: \\w+)*'))).toEqual([])
})

test.each([
  ['[A-Z]{3}\\d{4}', 1],
  ['[0-9]{1,10}', 10],
  ['a|b|c?', 4],
  ['(a|b){2}', 4],
  ['[a-z]*x[a-z]*', 101 * 101],
  ['((a+)+)+', Number.POSITIVE_INFINITY],
])('an engine that backtracks may try %s in %p ways', (pattern, attempts) => {
  expect(attemptsOf(pattern, 100)).toBe(attempts)
})
