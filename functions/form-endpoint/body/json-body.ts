// Parses the JSON body of a submission. A body that would be stored differently than it was sent is refused.
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { NumberLiteral } from '#kit/forms/field-parts/number-text.ts'
import { expectedBody, malformed, ProblemError, tooLarge, unsupported } from '../problem.ts'
import { charsetOf } from '../request-headers.ts'
import { hasLoneSurrogate, repeatsName } from './json-checks.ts'

type Done = (error: Error | null, body?: unknown) => void
type Parse = (request: FastifyRequest, text: string, done: Done) => void

export function takeJson(app: FastifyInstance): void {
  // Fastify's parser refuses __proto__ and constructor.prototype.
  const parse = app.getDefaultJsonParser('error', 'error') as Parse
  app.removeContentTypeParser(['text/plain', 'application/json'])
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const problem = problemOf(request, body as Buffer)
    if (problem) {
      done(problem)
      return
    }
    const text = body.toString()
    parse(request, text, (error, parsed) => {
      if (error) done(error)
      else finish(text, parsed, done)
    })
  })
}

function problemOf(request: FastifyRequest, body: Buffer): ProblemError | undefined {
  const { maxBytes } = request
  if (!/^utf-?8$/i.test(charsetOf(request) ?? 'utf-8')) return unsupported('Expected JSON in UTF-8')
  if (body.length > maxBytes) return tooLarge(maxBytes)
  // Decoding other bytes would store replacement characters.
  return isUtf8(body) ? undefined : malformed('Expected the body as UTF-8')
}

function finish(text: string, parsed: unknown, done: Done): void {
  let exact = parsed
  try {
    if (repeatsName(text, parsed)) throw malformed('Expected each name once')
    if (hasLoneSurrogate(text)) {
      throw malformed('Expected whole characters, found half of a surrogate pair')
    }
    if (hasNumber(parsed) && mayLoseDigits.test(text)) exact = withLiterals(text)
  } catch (error) {
    // A RangeError: the body is nested too deeply for the stack.
    done(error instanceof ProblemError ? error : malformed(expectedBody))
    return
  }
  done(null, exact)
}

/** Answers are values or lists of values, so deeper numbers do not matter. */
function hasNumber(parsed: unknown): boolean {
  const values = Object.values(parsed ?? {})
  return values.some(
    (value) =>
      typeof value === 'number' ||
      (Array.isArray(value) && value.some((one) => typeof one === 'number')),
  )
}

// 16 digits, an exponent, a zero at the end of a fraction, -0. Also matches some texts, which costs time but is harmless.
const mayLoseDigits = /[:,[\s](?:-?[\d.]{16}|-?\d[\d.]*[eE]|-?\d+\.\d*0[\s,}\]]|-0[\s,}\]])/

/** JSON.parse since Node 21: `source` is the text of a primitive value. TypeScript's types do not have it yet. */
type ParseWithSource = (
  text: string,
  revive: (name: string, value: unknown, context: { source: string }) => unknown,
) => unknown

/** Parses again and keeps the text of numbers that JSON would write differently. `text`: has passed fastify's parser. */
function withLiterals(text: string): unknown {
  const revive = (_name: string, value: unknown, { source }: { source: string }) =>
    typeof value === 'number' && String(value) !== source ? new NumberLiteral(source) : value
  return (JSON.parse as ParseWithSource)(text.replace(/^\ufeff/, ''), revive)
}
