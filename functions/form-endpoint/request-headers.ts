// What the headers of a submission say.
import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { malformed } from './problem.ts'

export function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && /^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(key)) return key
  throw malformed('Expected an Idempotency-Key of 1 to 255 printable ASCII characters')
}

/** As given, or a new one. */
export function traceparentOf({ headers }: FastifyRequest): string {
  const given = headers.traceparent
  if (
    typeof given === 'string' &&
    /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(given)
  )
    return given
  const hex = () => randomUUID().replaceAll('-', '')
  return `00-${hex()}-${hex().slice(0, 16)}-01`
}
