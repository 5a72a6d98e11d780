import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from '@jest/globals'
import { connectAdmin } from './connect-admin.ts'
import type { Connection } from './environment.ts'

/** A port that breaks off each connection at its first bytes, as a broker does that expects something else. */
async function breakingOff() {
  const server = createServer((socket: Socket) => socket.on('data', () => socket.end()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { address: `127.0.0.1:${port}`, close: () => server.close() }
}

const said = (connection: Connection): Promise<string> =>
  connectAdmin(connection).then(
    () => 'connected',
    (error: Error) => error.message,
  )

test('what keeps a client out is said within seconds, with a hint at what may be set wrong', async () => {
  const [breaking, closed] = await Promise.all([breakingOff(), breakingOff()])
  closed.close()
  const brokers = [breaking.address]
  const sasl = { mechanism: 'plain', username: 'ann', password: 'secret' } as const
  const since = performance.now()
  const messages = await Promise.all([
    said({ brokers, ssl: false }),
    said({ brokers, ssl: false, sasl }),
    said({ brokers, ssl: true }),
    said({ brokers: [closed.address], ssl: false }),
  ])
  // It tries for five seconds.
  expect(performance.now() - since).toBeLessThan(20_000)
  const start = `Kafka cannot be reached at ${breaking.address}: `
  expect(messages.filter((message) => message.startsWith(start))).toHaveLength(3)
  expect(messages).toEqual([
    expect.stringMatching(/Does this port expect TLS or a password\? KAFKA_TLS is false$/),
    expect.stringMatching(/Does this port expect TLS\? KAFKA_TLS is false$/),
    expect.stringMatching(/Does this port speak TLS\? KAFKA_TLS is true$/),
    expect.stringMatching(/: Connection error: connect ECONNREFUSED 127\.0\.0\.1:\d+$/),
  ])
  breaking.close()
})
