// What HTTP alone costs: reads a JSON body and answers 202 with an id, by `node:http` or by fastify. It checks and stores nothing.
// Run as `node bare-server.ts http|fastify`; it can be a function too, because any 2xx acknowledges an event.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

async function startFastify(): Promise<Server> {
  const { default: Fastify } = await import('fastify')
  const app = Fastify()
  app.post('/forms/:form', (_request, reply) => reply.code(202).send({ id: randomUUID() }))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app.server
}

async function startHttp(): Promise<Server> {
  const server = createServer(async (request, response) => {
    await json(request)
    response
      .writeHead(202, { 'content-type': 'application/json' })
      .end(JSON.stringify({ id: randomUUID() }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

const server = process.argv[2] === 'fastify' ? await startFastify() : await startHttp()
const { port } = server.address() as AddressInfo
// The names that benches and local/child-process.ts expect.
process.send?.({ port, listening: port })
process.on('SIGTERM', () => process.exit())
process.on('disconnect', () => process.exit())
