// Takes a POST of anything: no body, content type or header is a reason to refuse it, as it would be lost.
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerNotFound } from '#kit/http/allowed-methods.ts'
import { createApp } from '#kit/http/create-app.ts'
import { toCame } from './failed-record.ts'
import { mostBytes } from './letter.ts'
import type { Sink } from './sink.ts'

/** Of a body: more than a letter can hold is counted and dropped. */
const kept = 2 * mostBytes
/** A Service's own proxy takes 1 MiB of headers; Node alone 16 KiB. */
const maxHeaderSize = 2 ** 20

export function buildServer({
  publish,
  problem,
}: Pick<Sink, 'publish' | 'problem'>): FastifyInstance {
  // What comes on an open connection while this drains is handled like the rest.
  const app = createApp({ return503OnClosing: false, http: { maxHeaderSize } })
  answerNotFound(app)

  // Before the framework looks at the content type, which it refuses where that is none.
  async function take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const came = toCame(request.headers, await read(request.raw))
    return reply.code((await publish(came)) ? 202 : 503).send()
  }
  app.post('*', { onRequest: take }, () => {})

  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) => {
    const said = problem()
    return said ? reply.code(503).send({ status: 'down', problem: said }) : { status: 'up' }
  })
  return app
}

async function read(payload: Readable): Promise<{ bytes: Buffer; length: number }> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of payload as AsyncIterable<Buffer>) {
    if (length < kept) pieces.push(piece.subarray(0, kept - length))
    length += piece.length
  }
  return { bytes: Buffer.concat(pieces), length }
}
