// The form endpoint: builds the HTTP application. A submission is answered with 202 once it is durable.
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { type Log, LogUnavailable } from '#kafka/log.ts'
import type { Form } from '#kit/forms/form.ts'
import { processRegistry } from '#kit/metrics/process.ts'
import { serveMetrics } from '#kit/metrics/serve.ts'
import { admit, bodyLimit } from './admit.ts'
import { answerClientError } from './client-error.ts'
import { takeJson } from './json-body.ts'
import { watchReads } from './methods.ts'
import { submissionMetrics } from './metrics.ts'
import { openapi } from './openapi.ts'
import {
  expectedBody,
  malformed,
  notAllowed,
  notFound,
  type Problem,
  ProblemError,
  problemBody,
  problemType,
  tooLarge,
  toProblem,
} from './problem.ts'
import { keyOf, traceparentOf } from './request-headers.ts'
import { newKey } from './submission-id.ts'
import { submit } from './submit.ts'

export interface AppOptions {
  forms: {
    get(id: string): Form | undefined
    byPath(path: string): Form | undefined
    all(): Iterable<Form>
  }
  log: Log
  logger: Logger
  /** Served on /metrics, with what the endpoint counts. */
  registry?: Registry
}

export function buildApp({
  forms,
  log,
  logger,
  registry = processRegistry(),
}: AppOptions): FastifyInstance {
  const app = fastify({
    frameworkErrors: (error, _request, reply) => send(reply, toProblem(error)),
    clientErrorHandler: answerClientError,
    bodyLimit,
    // What comes on an open connection while this drains is handled like the rest.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  })

  takeJson(app)
  app.decorateRequest('idempotencyKey', '')
  app.decorateRequest('form', undefined)
  app.decorateRequest('maxBytes', bodyLimit)
  const refuseOtherMethods = watchReads(app)

  const metrics = submissionMetrics(registry)
  const timed = metrics.timed(log)

  function formOf({ params, url }: FastifyRequest): Form | undefined {
    const { form } = params as { form?: string }
    return form === undefined ? forms.byPath(url.split('?')[0] ?? '') : forms.get(form)
  }

  async function accept(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { body } = request
    const form = request.form as Form
    if (!isObject(body)) throw malformed(expectedBody)
    request.idempotencyKey = keyOf(request) ?? newKey()
    const id = await submit(timed, {
      form,
      answers: body,
      key: request.idempotencyKey,
      time: new Date(),
      traceparent: traceparentOf(request),
    })
    metrics.count(form, 202)
    return reply.code(202).send({ id, status: 'accepted' })
  }

  const onRequest = admit(formOf)
  app.post('/forms/:form', { onRequest }, accept)
  // Forms come and go while this runs, so the second address of a form is looked up, not registered.
  app.post('/*', { onRequest }, accept)

  app.get<{ Params: { form: string } }>('/forms/:form/schema.json', async (request, reply) => {
    const form = forms.get(request.params.form)
    if (!form) throw notFound('Expected the id of a form')
    return reply.type('application/schema+json').send(JSON.stringify(form.jsonSchema))
  })

  app.get('/openapi.json', async () => openapi(forms.all()))
  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) =>
    log.ready() ? { status: 'up' } : reply.code(503).send({ status: 'down' }),
  )

  serveMetrics(app, () => registry)
  refuseOtherMethods()

  app.setNotFoundHandler(({ url }) => {
    const path = url.split('?')[0] ?? ''
    const id = /^\/forms\/([^/]+)\/?$/.exec(path)?.[1]
    if (id === undefined ? forms.byPath(path) : forms.get(id)) throw notAllowed(['POST'])
    throw notFound(
      'Expected POST /forms/<form>, GET /forms/<form>/schema.json or GET /openapi.json',
    )
  })

  app.setErrorHandler((raised: FastifyError, request, reply) => {
    const tooLong = raised.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    const error = tooLong ? tooLarge(request.maxBytes) : raised
    const problem = toProblem(error)
    if (request.form) metrics.count(request.form, problem.status)
    if (error instanceof ProblemError) reply.headers(error.headers)
    if (problem.status >= 500) {
      const { url, method } = request.routeOptions
      logger.error({ method, url, status: problem.status, ...describe(error) }, problem.title)
      // The append may have begun: a repeat with this key is the same submission.
      if (request.idempotencyKey) reply.header('idempotency-key', request.idempotencyKey)
    }
    if (problem.status === 503) reply.header('retry-after', '1')
    return send(reply, problem)
  })
  return app
}

const send = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply.code(problem.status).type(problemType).send(problemBody(problem))

/** What the log may know of an error: the message of one that is not ours could quote an answer. */
function describe(error: Error): object {
  if (error instanceof LogUnavailable) return { err: error }
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '))
  return { name: error.name, at: frames?.slice(0, 5).map((line) => line.trim()) }
}

const isObject = (body: unknown): body is object =>
  typeof body === 'object' && body !== null && !Array.isArray(body)

declare module 'fastify' {
  interface FastifyRequest {
    idempotencyKey: string
  }
}
