// /metrics: what a registry holds, as Prometheus reads it.
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** With what a task counts itself, in the client's own registry. Asked for at the first reading, and may come later. */
export function serveMetrics(
  app: FastifyInstance,
  registry: () => Registry | Promise<Registry>,
): void {
  app.get('/metrics', async (_request, reply) => {
    const { Registry, register } = await import('prom-client')
    const held = Registry.merge([await registry(), register])
    return reply.type(held.contentType).send(await held.metrics())
  })
}
