// The harm that is done to a broker, counted where it happens.
import { connect } from 'node:net'
import type { Broker } from '../../local/kafka/broker.ts'
import { between } from './seeded.ts'

/** The broker's process is ended; 1 where it ran and nobody is let in at its address any more. */
export async function endBroker(broker: Broker, signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
  const { pid } = broker
  await broker.signal(signal)
  if (pid === undefined || broker.pid !== undefined) return 0
  // The last thread of the process holds its port a moment longer than its first.
  for (let tries = 0; tries < 50; tries++) {
    if (await refuses(broker.address)) return 1
    await between(50, 50)
  }
  return 0
}

function refuses(address: string): Promise<boolean> {
  const [host, port] = address.split(':')
  return new Promise((resolve) => {
    const socket = connect(Number(port), host)
    socket.once('error', () => resolve(true))
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })
}
