// Security headers of every response: no content sniffing, scripts, frames or caching. A page that needs more overrides them.
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

export const safeHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

/** For responses that reach no route: fastify's headers are not written to them. */
export function setSafeHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value)
}

/**
 * An onRequest hook. A route that writes to Node's response itself must write `safeHeaders`, too: with `setHeader` for each they
 * would be there already, but writing the head of every response would take three times as long.
 */
export function addSafeHeaders(
  _request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  reply.headers(safeHeaders)
  done()
}
