// What each answer tells a browser: to take it for what it says it is, to run nothing in it, to show it in no frame, to
// keep no copy. A page that needs more sets its own policy, which wins.
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

/** A hook. On the response itself, not the reply: answers that a route writes by itself have them too. */
export function addSafeHeaders(
  _request: FastifyRequest,
  { raw }: FastifyReply,
  done: () => void,
): void {
  setSafeHeaders(raw)
  done()
}
