import { connect } from 'node:net'
import type { Broker } from '../../local/kafka/broker.ts'
import { between } from './seeded.ts'

/** Ends the process of a broker. Returns 1 if it was running and its address now refuses connections, else 0. */
export async function endBroker(broker: Broker, signal: 'SIGTERM' | 'SIGKILL'): Promise<number> {
  const { pid } = broker
  await broker.signal(signal)
  if (pid === undefined || broker.pid !== undefined) return 0
  // The port can stay open for a moment after the process has ended.
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
