// Checks of a submission before its body is read: that its form exists, that its page may send it, and that its
// body can be accepted.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import type { FormLookup } from './form-lookup.ts'
import { originProblem } from './origins/check-origin.ts'
import { type ProblemError, tooLarge, unsupported } from './problem.ts'

const KiB = 1024
/** Bytes: the limit for any form. */
export const bodyLimit = 1024 * KiB
const minLimit = 64 * KiB
/** Room for what a page sends beside the answers: its key, its stamp, and the token of a captcha. */
const besideAnswers = 12 * KiB

declare module 'fastify' {
  interface FastifyRequest {
    form: Form | undefined
    idempotencyKey: string
    /** Limit of the body. */
    maxBytes: number
  }
}

/**
 * Limit of a body in bytes, in whole KiB: enough for the longest answers to the form, and for what a page sends beside them. JSON may
 * write a character of four bytes as twelve, two escapes, and an HTML form each byte as three.
 */
export const maxBytesOf = ({ maxBytes }: Form): number =>
  Math.min(bodyLimit, Math.max(minLimit, Math.ceil((3 * maxBytes + besideAnswers) / KiB) * KiB))

/** An onRequest hook. */
export function checkBeforeBody({ formOf, noFormToSubmit }: FormLookup) {
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    request.form = formOf(request)
    if (!request.form) {
      done(noFormToSubmit(request))
      return
    }
    request.maxBytes = maxBytesOf(request.form)
    done(originProblem(request, request.form) ?? problemOf(request))
  }
}

function problemOf(request: FastifyRequest): ProblemError | undefined {
  const { headers, maxBytes } = request
  const coding = headers['content-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    const accepted = { 'accept-encoding': 'identity' }
    return unsupported('Expected a body without a content encoding', accepted)
  }
  return Number(headers['content-length']) > maxBytes ? tooLarge(maxBytes) : undefined
}
