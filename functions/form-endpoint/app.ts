// The form endpoint: builds the HTTP application. A submission is answered with 202 once it is durable.
import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { type Log, LogUnavailable } from '#kafka/log.ts'
import type { Form } from '#kit/forms/form.ts'
import { processRegistry } from '#kit/metrics/process.ts'
import { serveMetrics } from '#kit/metrics/serve.ts'
import { submissionMetrics } from './metrics.ts'
import { openapi } from './openapi.ts'
import { expectedBody, malformed, notFound, type Problem, toProblem } from './problem.ts'
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
  /** Why nothing comes to a task of this process, by its name. */
  problems?: () => Record<string, string>
}

const bodyLimit = 64 * 1024

export function buildApp({
  forms,
  log,
  logger,
  registry = processRegistry(),
  problems = () => ({}),
}: AppOptions): FastifyInstance {
  const app = fastify({
    frameworkErrors: (error, _request, reply) => send(reply, toProblem(error)),
    bodyLimit,
    // What comes on an open connection while this drains is handled like the rest.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  })

  app.removeContentTypeParser('text/plain')
  takeWellFormedJson(app)
  app.decorateRequest('idempotencyKey', '')

  const metrics = submissionMetrics(registry)
  const timed = metrics.timed(log)

  function formOf({ params, url }: FastifyRequest): Form | undefined {
    const { form } = params as { form?: string }
    return form === undefined ? forms.byPath(url.split('?')[0] ?? '') : forms.get(form)
  }

  async function accept(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = formOf(request)
    if (!form) throw notFound('Expected the address of a form')
    if (!isObject(request.body)) throw malformed(expectedBody)
    request.idempotencyKey = keyOf(request) ?? newKey()
    const id = await submit(timed, {
      form,
      answers: request.body,
      key: request.idempotencyKey,
      time: new Date(),
      traceparent: traceparentOf(request),
    })
    metrics.count(form, 202)
    return reply.code(202).send({ id, status: 'accepted' })
  }

  app.post('/forms/:form', accept)
  // Forms come and go while this runs, so the second address of a form is looked up, not registered.
  app.post('/*', accept)

  app.get<{ Params: { form: string } }>('/forms/:form/schema.json', async (request, reply) => {
    const form = forms.get(request.params.form)
    if (!form) throw notFound('Expected the id of a form')
    return reply.type('application/schema+json').send(JSON.stringify(form.jsonSchema))
  })

  app.get('/openapi.json', async () => openapi(forms.all()))
  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) => {
    const tasks = problems()
    const troubled = Object.keys(tasks).length > 0
    if (log.ready() && !troubled) return { status: 'up' }
    return reply.code(503).send({ status: 'down', ...(troubled && { tasks }) })
  })

  serveMetrics(app, () => registry)

  app.setNotFoundHandler(() => {
    throw notFound(
      'Expected POST /forms/<form>, GET /forms/<form>/schema.json or GET /openapi.json',
    )
  })

  app.setErrorHandler((error: Error, request, reply) => {
    const problem = toProblem(error)
    const form = request.method === 'POST' ? formOf(request) : undefined
    if (form) metrics.count(form, problem.status)
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

/** What is not UTF-8 would be stored with other characters in place of those that were meant. */
function takeWellFormedJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(body as Buffer)) done(malformed('Expected the body as UTF-8'))
    else parse(request, body.toString(), done)
  })
}

const send = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', ...problem }))

/** What the log may know of an error: the message of one that is not ours could quote an answer. */
function describe(error: Error): object {
  if (error instanceof LogUnavailable) return { err: error }
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '))
  return { name: error.name, at: frames?.slice(0, 5).map((line) => line.trim()) }
}

function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(key)) return key
  throw malformed('Expected an Idempotency-Key of 1 to 255 printable ASCII characters')
}

const isObject = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && !Array.isArray(body)

function traceparentOf(request: FastifyRequest): string {
  const given = request.headers.traceparent
  if (
    typeof given === 'string' &&
    /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(given)
  )
    return given
  const hex = () => randomUUID().replaceAll('-', '')
  return `00-${hex()}-${hex().slice(0, 16)}-01`
}

declare module 'fastify' {
  interface FastifyRequest {
    idempotencyKey: string
  }
}
