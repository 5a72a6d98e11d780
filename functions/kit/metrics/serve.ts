import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** Serves /metrics: `registry` and the default registry of prom-client, in which tasks count. Both are loaded at the first request. */
export function serveMetrics(
  app: FastifyInstance,
  registry: () => Registry | Promise<Registry>,
): void {
  app.get('/metrics', async (_request, reply) => {
    const { Registry, register } = await import('prom-client')
    const merged = Registry.merge([await registry(), register])
    return reply.type(merged.contentType).send(await merged.metrics())
  })
}
