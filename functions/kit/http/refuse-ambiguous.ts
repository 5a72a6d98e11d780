// Refuses requests that a proxy in front of this server may have read differently (request smuggling).
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Answered with 400. Its message quotes nothing of the request. */
export class BadRequest extends Error {
  override name = 'BadRequest'
  readonly statusCode = 400
}

/** Headers that must not be repeated: Node keeps the first, the last or both, depending on the header. */
const singleHeaders = new Map(
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

/** An onRequest hook. */
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
  // It is not certain where the next request on this connection begins.
  reply.header('connection', 'close')
  done(new BadRequest(problem))
}

function problemOf(request: IncomingMessage): string | undefined {
  const { headers, httpVersion } = request
  // Node also reads HTTP/0.9 and HTTP/2.0 here, and frames their bodies as those of HTTP/1.1.
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 'Expected HTTP/1.1 or HTTP/1.0'
  if (headers.host === undefined && httpVersion === '1.1') return 'Expected a Host header'
  // Node has an entry in `headers` for each name.
  const repeats = 2 * Object.keys(headers).length < request.rawHeaders.length
  return (repeats ? repeatedHeader(request.rawHeaders) : undefined) ?? ambiguousFraming(request)
}

function repeatedHeader(rawHeaders: string[]): string | undefined {
  const seen = new Set<string>()
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const name = (rawHeaders[n] as string).toLowerCase()
    if (!singleHeaders.has(name)) continue
    if (seen.has(name)) return `Expected one ${singleHeaders.get(name)} header, found two`
    seen.add(name)
  }
  return undefined
}

function ambiguousFraming({ headers, httpVersion }: IncomingMessage): string | undefined {
  const coding = headers['transfer-encoding']
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion !== '1.1')) {
    return 'Expected no Transfer-Encoding but chunked, in HTTP/1.1'
  }
  // RFC 9110, 10.1.4: TE must not list chunked, which every client accepts; identity is not a transfer coding.
  const { te } = headers
  const lists = te !== undefined && /(?:^|[\s,])(?:chunked|identity)(?:$|[\s,;])/i.test(String(te))
  return lists ? 'Expected no TE header that names chunked or identity' : undefined
}
