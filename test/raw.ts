// HTTP/1.1 over a plain TCP connection: for requests that no HTTP client would send.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export function rawConnect(port: number): Socket {
  // Half-open, so that the answer still arrives after this side has ended.
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  // A server may reset the connection when it refuses a request. The bytes received before that are still read.
  return socket.on('error', () => {})
}

/** All bytes that the server sends until it ends the connection, as text. */
export async function readToEnd(socket: Socket): Promise<string> {
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  const ended = Promise.race([once(socket, 'end'), once(socket, 'close')])
  await ended.catch(() => {})
  socket.destroy()
  return Buffer.concat(pieces).toString()
}

/** Sends the message and resolves with all that the server sends until it ends the connection. */
export async function exchange(port: number, message: string | Buffer): Promise<string> {
  const socket = rawConnect(port)
  socket.write(message)
  return await readToEnd(socket)
}

/** Parses text that begins with an answer. `status` is NaN when the first line is not an HTTP/1.1 status line. */
export function toAnswer(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const [name = '', ...value] = line.split(':')
    return [name.toLowerCase(), value.join(':').trim()]
  })
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
  return { status, headers: Object.fromEntries(headers), body: rest.join('\r\n\r\n') }
}
