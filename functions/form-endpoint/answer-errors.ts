// Turns errors into problem responses, counts responses, and logs errors of the endpoint itself.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { problemType } from '#kit/handle-delivery.ts'
import { setSafeHeaders } from '#kit/http/safe-headers.ts'
import { Outage } from '#kit/outage.ts'
import type { SubmissionMetrics } from './metrics.ts'
import { sendProblemPage } from './page/problem-page.ts'
import {
  malformed,
  notFound,
  type Problem,
  ProblemError,
  problemBody,
  tooLarge,
  toProblem,
} from './problem.ts'
import { wantsPage } from './request-headers.ts'

interface Observers {
  metrics: Pick<SubmissionMetrics, 'count' | 'answered'>
  logger: Logger
}

/** Returns the outage of the log: call its `worked` after each stored submission. */
export function answerErrors(app: FastifyInstance, { metrics, logger }: Observers): Outage {
  const storeOutage = new Outage(logger, {
    failing: 'submissions cannot be stored',
    working: 'submissions are stored again',
  })
  const requestOutage = new Outage(logger, {
    failing: 'requests fail',
    working: 'requests are answered again',
  })

  app.setErrorHandler((thrown: FastifyError, request, reply) => {
    const tooLong = thrown.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    const error = tooLong ? tooLarge(request.maxBytes) : thrown
    const problem = toProblem(error)
    const { status } = problem
    if (request.form) metrics.count(request.form, status)
    if (error instanceof ProblemError) reply.headers(error.headers)
    // The append may have begun: with this key, a repeat is the same submission.
    const key = status >= 500 && request.idempotencyKey
    if (key) reply.header('idempotency-key', key)
    // A ProblemError with 503 means a wrong form file, which is logged when it is loaded.
    if (status >= 500 && !(error instanceof ProblemError)) {
      const { url, method = request.method } = request.routeOptions
      const outage = key ? storeOutage : requestOutage
      outage.failed('error', error, { method, url, status })
    }
    if (status === 503) reply.header('retry-after', '1')
    return wantsPage(request) ? sendProblemPage(request, reply, problem) : send(reply, problem)
  })
  app.addHook('onResponse', (_request, { statusCode }, done) => {
    metrics.answered(statusCode)
    if (statusCode < 500) requestOutage.worked()
    done()
  })
  return storeOutage
}

/** For an address that cannot be decoded, or has an id that is too long for any form. Runs before all hooks. */
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
