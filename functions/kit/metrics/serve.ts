import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** Serves /metrics: `registries` and the default registry of prom-client, in which tasks count. All are loaded at the first request. */
export function serveMetrics(
  app: FastifyInstance,
  ...registries: (() => Registry | Promise<Registry>)[]
): void {
  app.get('/metrics', async (_request, reply) => {
    const { Registry, register } = await import('prom-client')
    const own = await Promise.all(registries.map((registry) => registry()))
    const merged = Registry.merge([...own, register])
    return reply.type(merged.contentType).send(await merged.metrics())
  })
}
