// Error responses: problem details as in RFC 9457. They contain what was expected, but no stack, no file path and no answer.
import { STATUS_CODES } from 'node:http'
import { LogUnavailable } from '#kafka/log/port.ts'
import { BadRequest } from '#kit/http/refuse-ambiguous.ts'
import type { Reason } from './protect/reason.ts'

export interface Problem {
  status: number
  title: string
  detail?: string
  /** Expected values, by field name. */
  errors?: Record<string, string>
  /** Only of protected forms. */
  reason?: Reason
}

/** Thrown by a handler to respond with a problem. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  problem: Problem
  headers: Record<string, string>

  constructor(problem: Problem, headers: Record<string, string> = {}) {
    super(problem.title)
    this.problem = problem
    this.headers = headers
  }
}

export const problemBody = (problem: Problem): string =>
  JSON.stringify({ type: 'about:blank', ...problem })

const titles: Record<number, string> = {
  400: 'The request is malformed',
  403: 'Not allowed from this page',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'The request is too large',
  415: 'The media type is not supported',
  500: 'Something went wrong here',
  503: 'The submission cannot be stored right now',
}

/** Messages of libraries may quote the request, so they are left out. */
export function toProblem(error: Error & { statusCode?: number }): Problem {
  if (error instanceof ProblemError) return error.problem
  if (error instanceof LogUnavailable) return unavailable(error)
  if (error instanceof BadRequest) return malformed(error.message).problem
  const status = statusOf(error)
  const detail = details[status]
  return { status, title: titles[status] ?? STATUS_CODES[status] ?? '', ...(detail && { detail }) }
}

/** The status that a library sets, if it is an error of the client or has a title here; else 500. */
function statusOf({ statusCode = 500 }: { statusCode?: number }): number {
  const isClientError = statusCode in STATUS_CODES && statusCode >= 400 && statusCode < 500
  return isClientError || titles[statusCode] ? statusCode : 500
}

export const expectedBody = 'Expected a JSON object that names the fields of the form'

const details: Record<number, string> = {
  400: expectedBody,
  413: 'Expected answers that fit into an event',
  415: 'Expected the content type application/json, or that of an HTML form without files',
}

function unavailable({ begun }: LogUnavailable): Problem {
  const advice = 'send it again with the Idempotency-Key of this answer to be sure it counts once'
  return {
    status: 503,
    title: titles[503] as string,
    detail: begun ? `It may have been stored: ${advice}` : `It was not stored: ${advice}`,
  }
}

const problemError = (status: number, detail: string, headers?: Record<string, string>) =>
  new ProblemError({ status, title: titles[status] as string, detail }, headers)

export const notFound = (detail: string): ProblemError => problemError(404, detail)

export const malformed = (detail: string): ProblemError => problemError(400, detail)

export const forbidden = (detail: string): ProblemError => problemError(403, detail)

export const unsupported = (detail: string, headers?: Record<string, string>): ProblemError =>
  problemError(415, detail, headers)

export const notAllowed = (methods: string[]): ProblemError =>
  problemError(405, `Expected ${methods.join(' or ')}`, { allow: methods.join(', ') })

/** `errors`: what was expected, by field name. */
export const invalid = (errors: Record<string, string>): ProblemError =>
  new ProblemError({ status: 422, title: 'The answers do not fit the form', errors })

/** Closes the connection, so that the rest of the body need not be read. */
export const tooLarge = (maxBytes: number): ProblemError =>
  problemError(
    413,
    `Expected at most ${maxBytes / 1024} KiB: the longest answers to this form fit`,
    {
      connection: 'close',
    },
  )

export const wrongForm = (): ProblemError =>
  new ProblemError({
    status: 503,
    title: 'The form cannot be used right now',
    detail: 'Its file is wrong, and no good version of it is known here: nothing was stored',
  })
