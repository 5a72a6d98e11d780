// Answers where there is no request that a route could take: what is no HTTP, what came too slowly, CONNECT, an Expect that nobody knows.
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { problemType } from '../handle-delivery.ts'
import { safeHeaders, setSafeHeaders } from './safe-headers.ts'

type Said = [status: number, detail: string]

const known: Record<string, Said> = {
  HPE_HEADER_OVERFLOW: [431, 'Expected fewer bytes of headers'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Expected fewer bytes of chunk extensions'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Expected the whole request sooner'],
}

export function answerClientError({ code }: ConnectionError, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const said = known[code] ?? ([400, 'Expected a well-formed request in HTTP/1.1'] satisfies Said)
  const before = underWay(socket)
  // One that came whole before it, on the same connection, gets its own answer first.
  if (before?.req.complete) before.once('close', () => write(socket, said))
  // The answer has begun: another one would be a part of it.
  else if (before?.headersSent) socket.destroySoon()
  else write(socket, said)
}

/** Node keeps the response that a connection waits for here. */
const underWay = (socket: Socket): ServerResponse | undefined =>
  (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage ?? undefined

/** An address that can't be decoded, or with a part that is too long, gets to no route. */
export function answerFrameworkError(
  { statusCode = 400 }: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  setSafeHeaders(reply.raw)
  reply
    .code(statusCode)
    .type(problemType)
    .send(bodyOf([statusCode, 'Expected an address that is known here']))
}

export function answerOddRequests(server: Server): void {
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy())
    write(socket, [405, 'Expected GET, HEAD or POST'], { Allow: 'GET, HEAD, POST' })
  })
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    setSafeHeaders(response)
    response.writeHead(417, { 'content-type': problemType, connection: 'close' })
    response.end(bodyOf([417, 'Expected no Expect header but 100-continue']))
  })
}

function write(socket: Socket, said: Said, headers: Record<string, string> = {}): void {
  if (!socket.writable) return
  const body = bodyOf(said)
  const head = Object.entries({
    'Content-Type': problemType,
    'Content-Length': Buffer.byteLength(body),
    ...safeHeaders,
    ...headers,
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  const [status] = said
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

const bodyOf = ([status, detail]: Said): string =>
  JSON.stringify({ type: 'about:blank', status, title: STATUS_CODES[status], detail })
