// Responses to requests that reach no route: malformed HTTP, timeouts, CONNECT, an unknown Expect header.
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { problemType } from '../handle-delivery.ts'
import { safeHeaders, setSafeHeaders } from './safe-headers.ts'

interface Problem {
  status: number
  detail: string
}

/** Keyed by the code of Node's error. */
const problems: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'Expected fewer bytes of headers' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    detail: 'Expected fewer bytes of chunk extensions',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'Expected the whole request sooner' },
}

const malformed: Problem = { status: 400, detail: 'Expected a well-formed request in HTTP/1.1' }

export function answerClientError({ code }: ConnectionError, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = problems[code] ?? malformed
  const pending = pendingResponse(socket)
  // An earlier request on this connection was complete: its response goes first.
  if (pending?.req.complete) pending.once('close', () => write(socket, problem))
  // The response has begun: another one would become part of its body.
  else if (pending?.headersSent) socket.destroySoon()
  else write(socket, problem)
}

/** Node keeps a connection's current response in this property. */
const pendingResponse = (socket: Socket): ServerResponse | undefined =>
  (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage ?? undefined

/** For an address that cannot be decoded or has too long a part. */
export function answerFrameworkError(
  { statusCode = 400 }: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  setSafeHeaders(reply.raw)
  reply
    .code(statusCode)
    .type(problemType)
    .send(bodyOf({ status: statusCode, detail: 'Expected an address that is known here' }))
}

/** Answers CONNECT and unknown Expect headers. */
export function answerUnroutable(server: Server): void {
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy())
    const problem = { status: 405, detail: 'Expected GET, HEAD or POST' }
    write(socket, problem, { Allow: 'GET, HEAD, POST' })
  })
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    setSafeHeaders(response)
    response.writeHead(417, { 'content-type': problemType, connection: 'close' })
    response.end(bodyOf({ status: 417, detail: 'Expected no Expect header but 100-continue' }))
  })
}

function write(socket: Socket, problem: Problem, headers: Record<string, string> = {}): void {
  if (!socket.writable) return
  const { status } = problem
  const body = bodyOf(problem)
  const head = Object.entries({
    'Content-Type': problemType,
    'Content-Length': Buffer.byteLength(body),
    ...safeHeaders,
    ...headers,
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`)
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

const bodyOf = ({ status, detail }: Problem): string =>
  JSON.stringify({ type: 'about:blank', status, title: STATUS_CODES[status], detail })
