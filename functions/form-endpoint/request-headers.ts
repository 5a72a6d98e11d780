import type { FastifyRequest } from 'fastify'
import { malformed } from './problem.ts'
import { randomHex } from './random-hex.ts'

/** From the header, or the page's hidden field `_key`. Undefined if there is none; throws a 400 if it is not valid. */
export function idempotencyKeyOf({ headers, body }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'] ?? (body as { _key?: unknown })._key
  if (key === undefined || key === '') return undefined
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

/** The encoding that the content type names. */
export const charsetOf = ({ headers }: FastifyRequest): string | undefined =>
  /;\s*charset="?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1]

/** Whether a browser sent the request to show its answer as a page. */
export const wantsPage = ({ headers }: FastifyRequest): boolean =>
  /(?:^|[\s,])text\/html(?:$|[\s,;])/i.test(headers.accept ?? '')
