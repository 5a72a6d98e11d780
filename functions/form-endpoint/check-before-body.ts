// What is checked of a request before its body is read: that there is such a form, and that its body can be taken.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import { type ProblemError, tooLarge, unsupported } from './problem.ts'

const KiB = 1024
/** The most that any form takes. */
export const bodyLimit = 1024 * KiB
const leastLimit = 64 * KiB

declare module 'fastify' {
  interface FastifyRequest {
    form: Form | undefined
    idempotencyKey: string
    /** Of the body. */
    maxBytes: number
  }
}

/**
 * A body that holds the longest answers to the form, in whole KiB: JSON may write a character of four bytes as two escapes
 * of six. Never less than what fits beside any answers, as the tokens of a page.
 */
export const maxBytesOf = ({ bytes }: Form): number =>
  Math.min(bodyLimit, Math.max(leastLimit, Math.ceil((3 * bytes) / KiB) * KiB))

/** A hook that refuses what no body could mend. */
export function admit(
  formOf: (request: FastifyRequest) => Form | undefined,
  noForm: (request: FastifyRequest) => ProblemError,
) {
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    request.form = formOf(request)
    if (request.form) request.maxBytes = maxBytesOf(request.form)
    done(request.form ? problemOf(request) : noForm(request))
  }
}

function problemOf({ headers, maxBytes }: FastifyRequest): ProblemError | undefined {
  const coding = headers['content-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    const taken = { 'accept-encoding': 'identity' }
    return unsupported('Expected a body without a content encoding', taken)
  }
  const charset = /;\s*charset="?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    return unsupported('Expected the content type application/json, in UTF-8')
  }
  return Number(headers['content-length']) > maxBytes ? tooLarge(maxBytes) : undefined
}
