// A request that two programs could read in two ways is refused: a proxy in front of this one may have read it the other way.
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answered with 400. Its message quotes nothing of the request. */
export class BadRequest extends Error {
  override name = 'BadRequest'
  readonly statusCode = 400
}

/** Node keeps the first, the last or both of two. */
const single = new Map(
  [
    'Host',
    'Content-Type',
    'Content-Length',
    'Content-Encoding',
    'Transfer-Encoding',
    'Idempotency-Key',
    'Authorization',
    'Origin',
  ].map((name) => [name.toLowerCase(), name]),
)

/** A hook. */
export function refuseAmbiguous(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const problem = problemOf(raw)
  if (problem === undefined) {
    done()
    return
  }
  // Where the next request begins is not certain either.
  reply.header('connection', 'close')
  done(new BadRequest(problem))
}

function problemOf(request: IncomingMessage): string | undefined {
  const { headers, httpVersion } = request
  if (headers.host === undefined && httpVersion === '1.1') return 'Expected a Host header'
  return repeated(request.rawHeaders) ?? framing(request)
}

function repeated(rawHeaders: string[]): string | undefined {
  const seen = new Set<string>()
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const name = (rawHeaders[n] as string).toLowerCase()
    if (!single.has(name)) continue
    if (seen.has(name)) return `Expected one ${single.get(name)} header, found two`
    seen.add(name)
  }
  return undefined
}

function framing({ headers, httpVersion }: IncomingMessage): string | undefined {
  const coding = headers['transfer-encoding']
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1')) {
    return 'Expected no Transfer-Encoding but chunked, in HTTP/1.1'
  }
  // RFC 9110, 10.1.4: each client takes chunked, none may name it; identity is none.
  const { te } = headers
  const named = te !== undefined && /(?:^|[\s,])(?:chunked|identity)(?:$|[\s,;])/i.test(String(te))
  return named ? 'Expected no TE header that names chunked or identity' : undefined
}
