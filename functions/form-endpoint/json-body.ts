// Reads the body of a submission: what is parsed is what was sent, or it is refused.
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { NumberLiteral } from '#kit/forms/number-text.ts'
import { hasHalf } from './half-characters.ts'
import { repeatsName } from './json-checks.ts'
import { expectedBody, malformed, ProblemError, tooLarge } from './problem.ts'

const wholeCharacters = 'Expected whole characters, found half of a surrogate pair'

type Done = (error: Error | null, body?: unknown) => void
type Parse = (request: FastifyRequest, text: string, done: Done) => void

export function takeJson(app: FastifyInstance): void {
  // With its protection: a body with __proto__ is an error.
  const parse = app.getDefaultJsonParser('error', 'error') as Parse
  app.removeContentTypeParser(['text/plain', 'application/json'])
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const problem = problemOf(request, body as Buffer)
    if (problem) {
      done(problem)
      return
    }
    const text = body.toString()
    parse(request, text, (error, sent) => {
      if (error) done(error)
      else finish(text, sent, done)
    })
  })
}

function problemOf({ maxBytes }: FastifyRequest, body: Buffer): ProblemError | undefined {
  if (body.length > maxBytes) return tooLarge(maxBytes)
  // What is not UTF-8 would be stored with other characters in place of those that were meant.
  return isUtf8(body) ? undefined : malformed('Expected the body as UTF-8')
}

function finish(text: string, sent: unknown, done: Done): void {
  let exact = sent
  try {
    if (repeatsName(text, sent)) throw malformed('Expected each name once')
    if (hasHalf(text)) throw malformed(wholeCharacters)
    if (hasNumber(sent) && mayLoseDigits.test(text)) exact = withLiterals(text)
  } catch (error) {
    // A RangeError: nested too deeply for the stack.
    done(error instanceof ProblemError ? error : malformed(expectedBody))
    return
  }
  done(null, exact)
}

/** Answers are values or lists of them: what is nested more deeply is none. */
function hasNumber(sent: unknown): boolean {
  const values = Object.values(sent ?? {})
  return values.some(
    (value) =>
      typeof value === 'number' ||
      (Array.isArray(value) && value.some((one) => typeof one === 'number')),
  )
}

// 16 digits, an exponent, a zero at the end of a fraction, -0. Also true of some texts: that costs time, nothing else.
const mayLoseDigits = /[:,[\s](?:-?[\d.]{16}|-?\d[\d.]*[eE]|-?\d+\.\d*0[\s,}\]]|-0[\s,}\]])/

/** As JSON.parse is since Node 21; the types do not know `source`, the text of a value that is no object. */
type ParseSources = (
  text: string,
  revive: (name: string, value: unknown, context: { source: string }) => unknown,
) => unknown

/** Parses again, for numbers that would not be written as they were sent. Only a text that was found to be harmless. */
function withLiterals(text: string): unknown {
  const revive = (_name: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' && String(value) !== source ? new NumberLiteral(source) : value
  return (JSON.parse as ParseSources)(text.replace(/^\ufeff/, ''), revive)
}
