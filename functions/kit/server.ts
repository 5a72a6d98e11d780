// The kit's own server of a function: a POST of a CloudEvent is a delivery; the status says what happens next.
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/define-event.ts'
import { busyHeader, watchBusy } from './event-loop-busy.ts'
import { type Answer, answerer, bodyLimit, problem, problemType } from './handle-delivery.ts'
import { answerNotFound } from './http/allowed-methods.ts'
import { createApp } from './http/create-app.ts'
import { refuseAmbiguous } from './http/refuse-ambiguous.ts'

interface Served {
  deliver: (event: FormEvent) => Promise<unknown>
  /** True, or why deliveries cannot succeed now. */
  ready: () => true | string
  /** What an operator should know though they succeed. */
  notes?: () => Record<string, string>
  log: Logger
}

export function buildServer({ deliver, ready, notes, log }: Served): FastifyInstance {
  // What comes on an open connection while this drains is handled like the rest.
  // Attributes are headers: an event may be as large in them as in its body.
  const http = { maxHeaderSize: bodyLimit }
  const app = createApp({ bodyLimit, http, return503OnClosing: false })
  app.addHook('onRequest', refuseAmbiguous)
  answerNotFound(app)
  const answer = answerer({ deliver, log })
  const busy = watchBusy()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post('/', async (request, reply) => {
    const answered = await answer(request.headers, (request.body ?? '') as Buffer)
    return send(reply.header(busyHeader, busy().toFixed(2)), answered)
  })

  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) => {
    const problem = ready()
    if (problem !== true) return reply.code(503).send({ status: 'down', problem })
    return { status: 'up', ...(notes && { notes: notes() }) }
  })

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    send(reply, problem(error.statusCode ?? 500, 'The request could not be read')),
  )
  return app
}

const send = (reply: FastifyReply, { status, body }: Answer): FastifyReply =>
  body === undefined ? reply.code(status).send() : reply.code(status).type(problemType).send(body)
