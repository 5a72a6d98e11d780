// Google's API as routes, with the faults before and behind each call; and the switches for those.
import type { EventEmitter } from 'node:events'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { createFaults } from './faults.ts'
import { GoogleError } from './google-error.ts'
import { findCall, type Query, run } from './methods.ts'
import { createStats } from './stats.ts'
import type { Store } from './store.ts'

type Parts = { store: Store; faults: ReturnType<typeof createFaults>; changes: EventEmitter }

export function addApi(app: FastifyInstance, { store, faults, changes }: Parts): void {
  const stats = createStats()
  const closing = new AbortController()
  const hanging = new Set<FastifyReply>()
  app.addHook('preClose', async () => {
    closing.abort()
    for (const reply of hanging) reply.raw.destroy()
  })

  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ''] = request.raw.url!.split('?')
    const query = request.query as Query
    const call = findCall(request.method, path, { query, body: request.body })
    const { kind } = call.method
    await faults.delay(closing.signal)
    // A connection that stays open for more calls would keep the emulator from closing.
    if (closing.signal.aborted) reply.header('connection', 'close')
    if (faults.hangs()) {
      stats.count(call.method, 'hung')
      hanging.add(reply.hijack())
      if (closing.signal.aborted) reply.raw.destroy()
      reply.raw.once('close', () => hanging.delete(reply))
      return reply
    }
    try {
      faults.refuse(kind, String(query.quotaUser ?? query.key ?? 'default'))
      const result = store.transaction(() => run(store, call))
      if (kind === 'write') changes.emit('change', call.id)
      const lost = faults.losesAnswer(kind)
      stats.count(call.method, lost ? 'lost' : 200)
      if (!lost) return result
      reply.hijack().raw.destroy()
      return reply
    } catch (error) {
      stats.count(call.method, error instanceof GoogleError ? error.code : 500)
      throw error
    }
  }

  app.route({ method: ['GET', 'POST', 'PUT'], url: '/v4/*', handler: answer })
  app.get('/emulator/stats', () => stats.show())
  app.get('/emulator/faults', () => faults.show())
  app.put('/emulator/faults', ({ body }) => faults.set(body))
}
