// The patterns that forms may use: regular expressions that are matched in bounded time, whatever is typed.
import { RE2JS } from 're2js'
import { costOf, maxParts } from './cost.ts'
import { toRe2 } from './re2-syntax.ts'

/** For one text. A step takes 10 to 50 ns on the machine that this was measured on (npm run bench -- patterns). */
const maxSteps = 30_000

/** The check of a whole text of at most `longest` characters against a pattern. Throws an Error that completes "expected …". */
export function compilePattern(source: string, longest: number): (text: string) => boolean {
  requireValid(source)
  const re2 = toRe2(source)
  requireCheap(source, longest)
  return linear(re2)
}

// Browsers read the `pattern` of an input with the flag v, JSON Schema readers with u: both must accept it.
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
      `a pattern of at most ${maxParts} parts when its counts are written out, not about ${parts}: smaller counts`,
    )
  }
  if (steps > maxSteps) {
    throw new Error(
      `a pattern that takes at most ${maxSteps} steps for ${longest} characters, not up to ${steps}: a smaller max, or smaller counts`,
    )
  }
}

// Not the engine of JavaScript: it backtracks, and some patterns block it for hours.
function linear(source: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(`^(?:${source})$`)
    // Not testExact: it keeps megabytes of states for each pattern, and making them takes longer than most texts need.
    return (text) => compiled.matcher(text).matches()
  } catch (cause) {
    throw new Error('a regular expression that is not too large, of scripts by their long names', {
      cause,
    })
  }
}
