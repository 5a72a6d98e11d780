// Accepts a POST with any headers and any body: a request that is refused here is an event lost.
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerNotFound } from '#kit/http/allowed-methods.ts'
import { createApp } from '#kit/http/create-app.ts'
import { toFailedRecord } from './failed-record.ts'
import { maxLetterBytes } from './letter.ts'
import type { Sink } from './sink.ts'

/** Bytes kept of a body. The rest does not fit into a letter: it is counted and dropped. */
const maxKeptBytes = 2 * maxLetterBytes
/** Bytes. The proxy of a Knative Service accepts 1 MiB of headers, Node 16 KiB by default. */
const maxHeaderSize = 2 ** 20

export function buildServer({
  publish,
  problem,
}: Pick<Sink, 'publish' | 'problem'>): FastifyInstance {
  // Requests on open connections are still handled while the server drains.
  const app = createApp({ return503OnClosing: false, http: { maxHeaderSize } })
  answerNotFound(app)

  // As a hook: fastify would check the content type before it calls a handler.
  async function take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const record = toFailedRecord(request.headers, await read(request.raw))
    return reply.code((await publish(record)) ? 202 : 503).send()
  }
  app.post('*', { onRequest: take }, () => {})

  app.get('/health/liveness', async () => ({ status: 'up' }))
  app.get('/health/readiness', async (_request, reply) => {
    const found = problem()
    return found ? reply.code(503).send({ status: 'down', problem: found }) : { status: 'up' }
  })
  return app
}

async function read(body: Readable): Promise<{ bytes: Buffer; length: number }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (length < maxKeptBytes) chunks.push(chunk.subarray(0, maxKeptBytes - length))
    length += chunk.length
  }
  return { bytes: Buffer.concat(chunks), length }
}
