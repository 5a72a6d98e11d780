// The local sink, in the place of KafkaSinks: a POST of a CloudEvent to /topics/<topic> is answered once it is durable.
import type { FastifyInstance } from 'fastify'
import type { Log } from '#kafka/log/port.ts'
import { answerNotFound } from '#kit/http/allowed-methods.ts'
import { createApp } from '#kit/http/create-app.ts'
import { NotAnEvent, readEvent } from '#kit/http/read-event.ts'
import { refuseAmbiguous } from '#kit/http/refuse-ambiguous.ts'
import { guard } from '#kit/http/same-machine.ts'

const bodyLimit = 2 ** 20

/** `token`: what every caller must show; without it nothing is asked, as by a KafkaSink. */
export function buildSink(log: Log, topics: ReadonlySet<string>, token?: string): FastifyInstance {
  // Whoever watches a topic must not hold up the end.
  const app = createApp({
    bodyLimit,
    // An event may be as large in its attributes as in its body.
    http: { maxHeaderSize: bodyLimit },
    forceCloseConnections: true,
  })
  app.addHook('onRequest', refuseAmbiguous)
  if (token) guard(app, token)
  answerNotFound(app)
  // Also where one is to be read: it would be waited for without end.
  app.addHook('onRequest', async ({ params }, reply) => {
    const { topic } = params as { topic?: string }
    if (topic !== undefined && !topics.has(topic)) return reply.code(404).send()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post<{ Params: { topic: string } }>('/topics/:topic', async (request, reply) => {
    await log.append(
      request.params.topic,
      readEvent(request.headers, (request.body ?? '') as Buffer),
    )
    return reply.code(202).send()
  })

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error instanceof NotAnEvent ? 400 : (error.statusCode ?? 503)).send(error.message),
  )
  return app
}
