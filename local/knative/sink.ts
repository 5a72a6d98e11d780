// The local equivalent of KafkaSinks: answers the POST of a CloudEvent to /topics/<topic> once the event is durable.
import type { FastifyInstance } from 'fastify'
import type { Log } from '#kafka/log/port.ts'
import { answerNotFound } from '#kit/http/allowed-methods.ts'
import { createApp } from '#kit/http/create-app.ts'
import { NotAnEvent, readMessage } from '#kit/http/read-event.ts'
import { refuseAmbiguous } from '#kit/http/refuse-ambiguous.ts'
import { guard } from '#kit/http/same-machine.ts'

const maxBodyBytes = 2 ** 20

/** `token`: bearer token that every request needs. Without it the sink accepts all requests, as a KafkaSink does. */
export function buildSink(log: Log, topics: ReadonlySet<string>, token?: string): FastifyInstance {
  const app = createApp({
    bodyLimit: maxBodyBytes,
    // Attributes travel as headers and may be as large as a body.
    http: { maxHeaderSize: maxBodyBytes },
    // A client that watches a topic must not delay the shutdown.
    forceCloseConnections: true,
  })
  app.addHook('onRequest', refuseAmbiguous)
  if (token) guard(app, token)
  answerNotFound(app)
  // For GET as well: reading a topic that does not exist would never end.
  app.addHook('onRequest', async ({ params }, reply) => {
    const { topic } = params as { topic?: string }
    if (topic !== undefined && !topics.has(topic)) return reply.code(404).send()
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  app.post<{ Params: { topic: string } }>('/topics/:topic', async (request, reply) => {
    const event = readMessage(request.headers, (request.body ?? Buffer.alloc(0)) as Buffer)
    await log.append(request.params.topic, event)
    return reply.code(202).send()
  })

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply.code(error instanceof NotAnEvent ? 400 : (error.statusCode ?? 503)).send(error.message),
  )
  return app
}
