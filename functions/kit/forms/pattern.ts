// The patterns that forms may use: regular expressions that are matched in linear time, whatever is typed.
import { RE2JS } from 're2js'
import { toRe2 } from './re2-syntax.ts'

/** The check of a whole text against a pattern. Throws an Error that completes "expected …". */
export function compilePattern(source: string): (text: string) => boolean {
  requireValid(source)
  return linear(toRe2(source))
}

// Browsers read the `pattern` of an input with the flag v, JSON Schema readers with u: both must accept it.
function requireValid(source: string): void {
  try {
    for (const flag of ['u', 'v']) new RegExp(`^(?:${source})$`, flag)
  } catch (cause) {
    throw new Error('a regular expression that compiles with the flags u and v', { cause })
  }
}

// Not the engine of JavaScript: it backtracks, and some patterns block it for hours.
function linear(source: string): (text: string) => boolean {
  try {
    const compiled = RE2JS.compile(`^(?:${source})$`)
    return (text) => compiled.testExact(text)
  } catch (cause) {
    throw new Error('a regular expression that is not too large, of scripts by their long names', {
      cause,
    })
  }
}
