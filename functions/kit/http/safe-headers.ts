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

const entries = Object.entries(safeHeaders)

export function setSafeHeaders(response: ServerResponse): void {
  for (const [name, value] of entries) response.setHeader(name, value)
}

/** An onRequest hook. Sets the headers on Node's response, so that routes that write to it directly have them, too. */
export function addSafeHeaders(
  _request: FastifyRequest,
  { raw }: FastifyReply,
  done: () => void,
): void {
  setSafeHeaders(raw)
  done()
}
