// The sockets of kafkajs, without a leak of its own: for as long as a broker is away, each try to reach it lets go of a
// socket that is dead already, and Node keeps a listener each time for the connection that will never be.
import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'

const keepAliveAfter = 60_000

export const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const name = isIP(host) ? {} : { servername: host }
  const socket = ssl
    ? connectTls({ host, port, ...name, ...ssl }, onConnect)
    : connect({ host, port }, onConnect)
  const unref = socket.unref.bind(socket)
  socket.unref = () => (socket.destroyed ? socket : unref())
  return socket.setKeepAlive(true, keepAliveAfter)
}
