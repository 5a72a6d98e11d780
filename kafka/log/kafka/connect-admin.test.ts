import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { connectAdmin, isAway } from './connect-admin.ts'
import type { Connection } from './environment.ts'

/** A server that closes each connection at its first bytes, as a broker does that expects another protocol. */
async function startClosingServer() {
  const server = createServer((socket: Socket) => socket.on('data', () => socket.end()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { address: `127.0.0.1:${port}`, close: () => server.close() }
}

const errorOf = (connection: Connection): Promise<string> =>
  connectAdmin(connection).then(
    () => 'connected',
    (error: Error) => error.message,
  )

test('an error comes within seconds, with a hint at the setting that may be wrong', async () => {
  const [closing, closed] = await Promise.all([startClosingServer(), startClosingServer()])
  closed.close()
  const brokers = [closing.address]
  const sasl = { mechanism: 'plain', username: 'ann', password: 'secret' } as const
  const since = performance.now()
  const messages = await Promise.all([
    errorOf({ brokers, ssl: false }),
    errorOf({ brokers, ssl: false, sasl }),
    errorOf({ brokers, ssl: true }),
    errorOf({ brokers: [closed.address], ssl: false }),
  ])
  expect(performance.now() - since).toBeLessThan(20_000)
  const start = `Kafka cannot be reached at ${closing.address}: `
  expect(messages.filter((message) => message.startsWith(start))).toHaveLength(3)
  expect(messages).toEqual([
    expect.stringMatching(/Does this port expect TLS or a password\? KAFKA_TLS is false$/),
    expect.stringMatching(/Does this port expect TLS\? KAFKA_TLS is false$/),
    expect.stringMatching(/Does this port speak TLS\? KAFKA_TLS is true$/),
    expect.stringMatching(/: Connection error: connect ECONNREFUSED 127\.0\.0\.1:\d+$/),
  ])
  closing.close()
})

test('brokers that do not answer are away, a refused password is not', async () => {
  const closing = await startClosingServer()
  const sasl = { mechanism: 'plain', username: 'ann', password: 'secret' } as const
  const connection = { brokers: [closing.address], ssl: false, sasl }
  expect(isAway(await connectAdmin(connection).catch((error) => error))).toBe(true)
  closing.close()
  const refused = Object.assign(new Error('wrong password'), { retriable: false })
  expect(isAway(new Error('explained', { cause: refused }))).toBe(false)
  expect(isAway(new Error('Expected the topics a, found none'))).toBe(false)
})
