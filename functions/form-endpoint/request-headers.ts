import type { FastifyRequest } from 'fastify'
import { malformed } from './problem.ts'
import { randomHex } from './random-hex.ts'

/** Undefined if there is no such header; throws a 400 if it is not valid. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(key)) return key
  throw malformed('Expected an Idempotency-Key of 1 to 255 printable ASCII characters')
}

const traceparent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** The header's value, or a new trace if it is missing or not valid. https://www.w3.org/TR/trace-context/ */
export function traceparentOf({ headers }: FastifyRequest): string {
  const { traceparent: sent } = headers
  if (typeof sent === 'string' && traceparent.test(sent)) return sent
  return `00-${randomHex(16)}-${randomHex(8)}-01`
}
