// Answers errors as problems, counts answers, and logs those errors that are ours.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { setSafeHeaders } from '#kit/http/safe-headers.ts'
import { Outage } from '#kit/outage.ts'
import type { SubmissionMetrics } from './metrics.ts'
import {
  malformed,
  notFound,
  type Problem,
  ProblemError,
  problemBody,
  problemType,
  tooLarge,
  toProblem,
} from './problem.ts'

interface Watchers {
  metrics: Pick<SubmissionMetrics, 'count' | 'answered'>
  logger: Logger
}

/** What it returns is to be told of each submission that was stored. */
export function answerErrors(app: FastifyInstance, { metrics, logger }: Watchers): Outage {
  const outage = new Outage(logger, {
    failing: 'submissions cannot be stored',
    working: 'submissions are stored again',
  })
  const faults = new Outage(logger, {
    failing: 'requests fail',
    working: 'requests are answered again',
  })

  app.setErrorHandler((raised: FastifyError, request, reply) => {
    const tooLong = raised.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    const error = tooLong ? tooLarge(request.maxBytes) : raised
    const problem = toProblem(error)
    if (request.form) metrics.count(request.form, problem.status)
    if (error instanceof ProblemError) reply.headers(error.headers)
    // The append may have begun: a repeat with this key is the same submission.
    const key = problem.status >= 500 && request.idempotencyKey
    if (key) reply.header('idempotency-key', key)
    // An answer of ours, such as that of a form whose file is wrong, is told by who found it: nothing failed to be stored.
    if (problem.status >= 500 && !(error instanceof ProblemError)) {
      const { url, method } = request.routeOptions
      const told = key ? outage : faults
      told.failed('error', error, { method: method ?? request.method, url, status: problem.status })
    }
    if (problem.status === 503) reply.header('retry-after', '1')
    return send(reply, problem)
  })
  app.addHook('onResponse', (_request, { statusCode }, done) => {
    metrics.answered(statusCode)
    if (statusCode < 500) faults.worked()
    done()
  })
  return outage
}

/** Before any hook: an address that can't be decoded, or with an id that is too long for any form, gets to no route. */
export function answerBadAddress(
  { code }: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  setSafeHeaders(reply.raw)
  const refuse = code === 'FST_ERR_MAX_PARAM_LENGTH' ? notFound : malformed
  send(reply, refuse('Expected the address of a form').problem)
}

const send = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply.code(problem.status).type(problemType).send(problemBody(problem))
