// The kit's own server of a function: a POST of a CloudEvent is a delivery; the status says what happens next.
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/event.ts'
import { Rejected, RetryLater } from './errors.ts'
import { NotAnEvent, readEvent } from './http-event.ts'

/** As large as the log's records may be. */
const bodyLimit = 2 ** 20

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
  const app = fastify({ bodyLimit, return503OnClosing: false })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.post('/', async (request, reply) => {
    const event = readEvent(request.headers, String(request.body ?? ''))
    try {
      await deliver(event)
      return reply.code(204).send()
    } catch (error) {
      return fail(reply, error as Error, log.child({ event: event.id, form: event.form }))
    }
  })

  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) => {
    const problem = ready()
    if (problem !== true) return reply.code(503).send({ status: 'down', problem })
    return { status: 'up', ...(notes && { notes: notes() }) }
  })

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    error instanceof NotAnEvent
      ? problem(reply, 400, error.message)
      : problem(reply, error.statusCode ?? 500, 'The request could not be read'),
  )
  return app
}

function fail(reply: FastifyReply, error: Error, log: Logger): FastifyReply {
  if (error instanceof Rejected) {
    log.warn(error.message)
    return problem(reply, 422, error.message)
  }
  if (error instanceof RetryLater) {
    log.warn({ cause: (error.cause as Error | undefined)?.message }, error.message)
    return problem(reply, 503, error.message)
  }
  log.error(error)
  return problem(reply, 500, 'The task failed')
}

const problem = (reply: FastifyReply, status: number, title: string): FastifyReply =>
  reply.code(status).type('application/problem+json').send(JSON.stringify({ title, status }))
