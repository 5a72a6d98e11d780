// Sockets for kafkajs, without a leak: while a broker is unreachable, kafkajs calls `unref` on sockets that are destroyed already,
// and Node then adds a listener each time for a connection that never comes.
import { connect, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'

/** Milliseconds. */
const keepAliveAfter = 60_000

export const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const name = isIP(host) ? {} : { servername: host }
  const socket = ssl
    ? connectTls({ host, port, ...name, ...ssl }, onConnect)
    : connect({ host, port }, onConnect)
  const unref = socket.unref.bind(socket)
  socket.unref = () => (socket.destroyed ? socket : unref())
  // Without a delay: the last packet of a batch would wait until the broker has confirmed the others.
  return socket.setNoDelay(true).setKeepAlive(true, keepAliveAfter)
}
