// The form endpoint: builds the HTTP application. A submission is answered with 202 once it is durable.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Log } from '#kafka/log/port.ts'
import type { Form } from '#kit/forms/form.ts'
import type { Forms } from '#kit/forms/forms.ts'
import { watchMethods } from '#kit/http/allowed-methods.ts'
import { createApp } from '#kit/http/create-app.ts'
import { refuseAmbiguous } from '#kit/http/refuse-ambiguous.ts'
import type { Timeouts } from '#kit/http/timeouts.ts'
import { countWrongForms } from '#kit/metrics/forms.ts'
import { processRegistry } from '#kit/metrics/process.ts'
import { serveMetrics } from '#kit/metrics/serve.ts'
import { answerBadAddress, answerErrors } from './answer-errors.ts'
import { admit, bodyLimit } from './check-before-body.ts'
import { serveHealth } from './health.ts'
import { takeJson } from './json-body.ts'
import { submissionMetrics } from './metrics.ts'
import { openapiPages, sendPage } from './openapi-pages.ts'
import {
  expectedBody,
  malformed,
  notAllowed,
  notFound,
  type ProblemError,
  wrongForm,
} from './problem.ts'
import { keyOf, traceparentOf } from './request-headers.ts'
import { newKey } from './submission-id.ts'
import { submit } from './submit.ts'

export interface AppOptions {
  forms: Pick<Forms, 'get' | 'byPath' | 'all' | 'problems' | 'wrong'>
  log: Log
  logger: Logger
  /** Served on /metrics, with what the endpoint counts. */
  registry?: Registry
  /** Has /metrics and /openapi.json, in the place of this application. */
  operators?: FastifyInstance | undefined
  /** Why nothing comes to a task of this process, by its name. */
  problems?: () => Record<string, string>
  /** In place of those that every server has. */
  timeouts?: Partial<Timeouts>
  /** What an operator should know of a task of this process, though all is well. */
  notes?: () => Record<string, string>
}

export function buildApp({
  forms,
  log,
  logger,
  registry = processRegistry(),
  problems = () => ({}),
  notes = () => ({}),
  ...given
}: AppOptions): FastifyInstance {
  const app = createApp({
    timeouts: { connectionTimeout: 120_000, ...given.timeouts },
    frameworkErrors: answerBadAddress,
    bodyLimit,
    // What comes on an open connection while this drains is handled like the rest.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  })

  // Who says that nothing more comes still gets an answer.
  Object.assign(app.server, { httpAllowHalfOpen: true })
  app.addHook('onRequest', refuseAmbiguous)
  takeJson(app)
  app.decorateRequest('idempotencyKey', '')
  app.decorateRequest('form', undefined)
  app.decorateRequest('maxBytes', bodyLimit)
  const methodsAt = watchMethods(app)

  const metrics = submissionMetrics(registry)
  const timed = metrics.timed(log)
  const outage = answerErrors(app, { metrics, logger })
  countWrongForms(registry, forms)

  const isRead = (path: string): boolean => methodsAt(path).includes('GET')

  function formOf(request: FastifyRequest): Form | undefined {
    const { form } = request.params as { form?: string }
    return form === undefined ? forms.byPath(pathOf(request)) : forms.get(form)
  }

  /** A form that is there, though wrong, is not told to be nowhere: whoever submits tries again. */
  function noForm(request: FastifyRequest, expected: string): ProblemError {
    const { form: id } = request.params as { form?: string }
    return forms.wrong(id ?? pathOf(request)) ? wrongForm() : notFound(expected)
  }

  function formIn(request: FastifyRequest): Form {
    const form = formOf(request)
    if (!form) throw noForm(request, 'Expected the id of a form')
    return form
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
    outage.worked()
    return reply.code(202).send({ id, status: 'accepted' })
  }

  const onRequest = admit(formOf, (request) =>
    isRead(pathOf(request)) ? notAllowed(reads) : noForm(request, 'Expected the address of a form'),
  )
  app.post('/forms/:form', { onRequest }, accept)
  // Forms come and go while this runs, so the second address of a form is looked up, not registered.
  app.post('/*', { onRequest }, accept)

  app.get('/forms/:form/schema.json', async (request, reply) =>
    reply.type('application/schema+json').send(JSON.stringify(formIn(request).jsonSchema)),
  )

  const pages = openapiPages(() => forms.all())
  app.get('/forms/:form/openapi.json', async (request, reply) =>
    sendPage(request, reply, await pages.of(formIn(request))),
  )
  const operators = given.operators ?? app
  operators.get('/openapi.json', async (request, reply) =>
    sendPage(request, reply, await pages.all()),
  )
  serveHealth(app, { forms, log, problems, notes })
  serveMetrics(operators, () => registry)

  async function refuse(request: FastifyRequest): Promise<never> {
    const path = pathOf(request)
    if (isRead(path)) throw notAllowed(reads)
    const id = /^\/forms\/([^/]+)\/?$/.exec(path)?.[1]
    if (id === undefined ? forms.byPath(path) : forms.get(id)) throw notAllowed(['POST'])
    throw notFound('Expected POST /forms/<form>, or GET its schema.json or openapi.json')
  }
  app.setNotFoundHandler(refuse)
  // Before its body is read: without one a QUERY would be malformed.
  app.route({ method: 'QUERY', url: '/*', onRequest: refuse, handler: refuse })

  return app
}

const reads = ['GET', 'HEAD']

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? ''

const isObject = (body: unknown): body is object =>
  typeof body === 'object' && body !== null && !Array.isArray(body)
