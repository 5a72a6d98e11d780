// Routes for Google's API, which apply the configured faults, and routes to configure these.
import type { EventEmitter } from 'node:events'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { createFaults } from '../faults.ts'
import type { Store } from '../store/open-store.ts'
import { createCallCounts } from './call-counts.ts'
import { GoogleError } from './google-error.ts'
import { type Call, findCall, type Query, run } from './methods.ts'

type Parts = { store: Store; faults: ReturnType<typeof createFaults>; changes: EventEmitter }

export function addApi(app: FastifyInstance, { store, faults, changes }: Parts): void {
  const counts = createCallCounts()
  const { hang, closing } = addHanging(app)

  const apply = (call: Call): unknown => {
    const { kind } = call.method
    const { quotaUser, key } = call.query
    try {
      faults.refuse(kind, String(quotaUser ?? key ?? 'default'), call.id)
      const result = store.transaction(() => run(store, call))
      if (kind === 'write') changes.emit('change', call.id)
      return result
    } catch (error) {
      counts.count(call.method, error instanceof GoogleError ? error.code : 500)
      throw error
    }
  }

  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const call = toCall(request)
    const { method } = call
    await faults.delay(closing)
    // A connection that is kept alive would delay closing.
    if (closing.aborted) reply.header('connection', 'close')
    if (faults.hangs()) {
      counts.count(method, 'hung')
      return hang(reply)
    }
    const result = apply(call)
    const lost = faults.losesAnswer(method.kind)
    counts.count(method, lost ? 'lost' : 200)
    if (!lost) return result
    reply.hijack().raw.destroy()
    return reply
  }

  app.route({ method: ['GET', 'POST', 'PUT'], url: '/v4/*', handler })
  app.get('/emulator/stats', () => counts.show())
  app.get('/emulator/faults', () => faults.show())
  app.put('/emulator/faults', ({ body }) => faults.set(body))
}

function toCall({ method, raw, query, body }: FastifyRequest): Call {
  const [path = ''] = raw.url!.split('?')
  return findCall(method, path, { query: query as Query, body })
}

/** Calls that get no response: they end when the client gives up or the emulator closes. */
function addHanging(app: FastifyInstance) {
  const closing = new AbortController()
  const hanging = new Set<FastifyReply>()
  app.addHook('preClose', async () => {
    closing.abort()
    for (const reply of hanging) reply.raw.destroy()
  })
  const hang = (reply: FastifyReply) => {
    reply.hijack()
    hanging.add(reply)
    reply.raw.once('close', () => hanging.delete(reply))
    if (closing.signal.aborted) reply.raw.destroy()
    return reply
  }
  return { hang, closing: closing.signal }
}
