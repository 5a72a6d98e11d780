// Speaks to a server over a bare connection, byte by byte where need be.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export function rawConnect(port: number): Socket {
  // Half-open: a client that has said all it has to say still listens.
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  // A server that refuses may reset the connection: what it said before counts.
  return socket.on('error', () => {})
}

/** All that comes until the other side ends the connection. */
export async function readToEnd(socket: Socket): Promise<string> {
  const pieces: Buffer[] = []
  socket.on('data', (piece: Buffer) => pieces.push(piece))
  const ended = Promise.race([once(socket, 'end'), once(socket, 'close')])
  await ended.catch(() => {})
  socket.destroy()
  return Buffer.concat(pieces).toString()
}

export async function exchange(port: number, message: string | Buffer): Promise<string> {
  const socket = rawConnect(port)
  socket.write(message)
  return await readToEnd(socket)
}

/** The first answer of what came. */
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
