// Texts that are made once and sent often: plain or compressed, and not again to a client that has them.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

interface Headers {
  /** Content-Type. */
  type: string
  cacheControl: string
}

interface Body {
  etag: string
  bytes: Buffer
}

export interface Cacheable extends Headers {
  plain: Body
  gzipped: Body
}

const compress = promisify(gzip)

export async function cacheable(text: string, headers: Headers): Promise<Cacheable> {
  const plain = Buffer.from(text)
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  // A strong ETag differs for other bytes, such as compressed ones.
  const gzipped = { etag: `"${hash}-gzip"`, bytes: await compress(plain) }
  return { ...headers, plain: { etag: `"${hash}"`, bytes: plain }, gzipped }
}

/** 304 if the client has it already: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
export function sendCacheable(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { plain, gzipped, type, cacheControl }: Cacheable,
): FastifyReply {
  const zipped = takesGzip(headers['accept-encoding'])
  const { etag, bytes } = zipped ? gzipped : plain
  reply.headers({ etag, vary: 'Accept-Encoding', 'cache-control': cacheControl })
  if (isKnown(headers['if-none-match'], etag)) return reply.code(304).send()
  if (zipped) reply.header('content-encoding', 'gzip')
  return reply.type(type).send(bytes)
}

/** `accepted`: the header Accept-Encoding, in which `gzip;q=0` refuses gzip. */
function takesGzip(accepted = ''): boolean {
  const [, weight] = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(accepted) ?? []
  return /(?:^|,)\s*gzip\b/i.test(accepted) && (weight === undefined || Number(weight) > 0)
}

/** `known`: the header If-None-Match. */
function isKnown(known: string | undefined, etag: string): boolean {
  const tags = known?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes('*') || tags.includes(etag)
}
