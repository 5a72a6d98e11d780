// Answers what is no HTTP message: there is no request then, so the answer is written to the connection.
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyReply, FastifyRequest } from 'fastify'
import { malformed, problemBody, problemType } from './problem.ts'

const expected: Record<string, [status: number, detail: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Expected headers of at most 16 KiB together'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Expected the whole request sooner'],
}

export function answerClientError({ code }: ConnectionError, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, detail] = expected[code] ?? [400, 'Expected a request in HTTP/1.1']
  const title = STATUS_CODES[status] as string
  const body = problemBody({ status, title, detail })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}

/** A hook: HTTP/1.1 asks for it. */
export function requireHost(
  { headers, raw }: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const missing = headers.host === undefined && raw.httpVersion === '1.1'
  done(missing ? malformed('Expected a Host header') : undefined)
}
