// Attempts of a pod to connect to other pods.
import { kubectl } from './kube.ts'

export interface Client {
  namespace: string
  pod: string
  /** The name in the description of an attempt. */
  name: string
}

export interface Target {
  name: string
  ip: string
  port: number
}

export interface Attempt {
  /** Such as `formstream/stranger to slang:8080`. */
  description: string
  /** The target accepted the connection, or refused it because nothing listens on the port: the packet reached it. */
  connected: boolean
}

/** Runs in a pod. Prints for each `address:port` whether the target was reached within two seconds. */
const program = `
const { connect } = require('node:net')
const answers = process.argv.slice(1).map((target) => new Promise((resolve) => {
  const [host, port] = target.split(':')
  const socket = connect({ host, port, timeout: 2000 })
  const end = (connected) => { socket.destroy(); resolve(connected) }
  socket.on('connect', () => end(true))
  socket.on('timeout', () => end(false))
  socket.on('error', ({ code }) => end(code === 'ECONNREFUSED'))
}))
Promise.all(answers).then((connected) => console.log(JSON.stringify(connected)))`

/** The client tries to connect to all targets at the same time. */
export async function attemptAll(client: Client, targets: Target[]): Promise<Attempt[]> {
  const command = ['-c', 'user-container', '--', '/nodejs/bin/node', '-e', program]
  const addresses = targets.map(({ ip, port }) => `${ip}:${port}`)
  const text = await kubectl('-n', client.namespace, 'exec', client.pod, ...command, ...addresses)
  const connected = JSON.parse(text) as boolean[]
  return targets.map(({ name, port }, n) => ({
    description: `${client.namespace}/${client.name} to ${name}:${port}`,
    connected: connected[n] ?? false,
  }))
}
