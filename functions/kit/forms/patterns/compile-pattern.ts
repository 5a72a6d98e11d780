// Compiles the patterns of forms: regular expressions that match in bounded time, whatever people type.
import { RE2JS } from 're2js'
import { costOf, maxParts } from './cost.ts'
import { toRe2 } from './re2-syntax.ts'

/** For one text. A step took 10 to 50 ns when it was measured (npm run bench -- patterns). */
const maxSteps = 30_000

/** Returns a check of a whole text of at most `longest` characters. Throws an Error that completes "expected …". */
export function compilePattern(source: string, longest: number): (text: string) => boolean {
  const re2 = requireSyntax(source)
  requireCheap(source, longest)
  return linearMatcher(re2)
}

/** Returns the pattern in RE2's syntax. Throws an Error that completes "expected …". */
export function requireSyntax(source: string): string {
  requireValid(source)
  return toRe2(source)
}

// Browsers compile the `pattern` of an input with the flag v, JSON Schema validators with u: both must accept it.
function requireValid(source: string): void {
  try {
    for (const flag of ['u', 'v']) new RegExp(`^(?:${source})$`, flag)
  } catch (cause) {
    throw new Error('a regular expression that compiles with the flags u and v', { cause })
  }
}

function requireCheap(source: string, longest: number): void {
  const { parts, steps } = costOf(source, longest)
  if (parts > maxParts) {
    throw new Error(
      `a pattern of at most ${maxParts} parts with its counts written out, not about ${parts}: use smaller counts`,
    )
  }
  if (steps > maxSteps) {
    throw new Error(
      `a pattern that takes at most ${maxSteps} steps for ${longest} characters, not up to ${steps}: use a smaller max or smaller counts`,
    )
  }
}

// JavaScript's engine backtracks, and some patterns block it for hours. RE2 takes linear time.
function linearMatcher(source: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(`^(?:${source})$`)
    // testExact would keep megabytes of states for each pattern, and making them takes longer than matching most texts.
    return (text) => compiled.matcher(text).matches()
  } catch (cause) {
    throw new Error('a regular expression that is not too large, of scripts by their long names', {
      cause,
    })
  }
}
