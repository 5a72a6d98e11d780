// Answers errors as problems, counts them by form, and logs those that are ours.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Outage } from '#kit/outage.ts'
import type { SubmissionMetrics } from './metrics.ts'
import {
  malformed,
  type Problem,
  ProblemError,
  problemBody,
  problemType,
  tooLarge,
  toProblem,
} from './problem.ts'

interface Watchers {
  metrics: Pick<SubmissionMetrics, 'count'>
  outage: Outage
}

export function answerErrors(app: FastifyInstance, { metrics, outage }: Watchers): void {
  app.setErrorHandler((raised: FastifyError, request, reply) => {
    const tooLong = raised.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    const error = tooLong ? tooLarge(request.maxBytes) : raised
    const problem = toProblem(error)
    if (request.form) metrics.count(request.form, problem.status)
    if (error instanceof ProblemError) reply.headers(error.headers)
    if (problem.status >= 500) {
      const { url, method } = request.routeOptions
      // An answer of ours, such as that of a form whose file is wrong, is told by who found it: nothing failed to be stored.
      if (!(error instanceof ProblemError))
        outage.failed('error', error, { method, url, status: problem.status })
      // The append may have begun: a repeat with this key is the same submission.
      if (request.idempotencyKey) reply.header('idempotency-key', request.idempotencyKey)
    }
    if (problem.status === 503) reply.header('retry-after', '1')
    return send(reply, problem)
  })
}

/** An address that can't be decoded, or with an id that is too long for any form, gets to no route. */
export function answerBadAddress(
  _error: Error,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  send(reply, malformed('Expected the address of a form').problem)
}

const send = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply.code(problem.status).type(problemType).send(problemBody(problem))
