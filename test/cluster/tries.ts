// Connections that pods try to each other: who gets one.
import { kubectl } from './kube.ts'

export interface From {
  namespace: string
  pod: string
  /** As it is shown. */
  name: string
}

export interface To {
  name: string
  ip: string
  port: number
}

export interface Try {
  /** `formstream/stranger to slang:8080` */
  line: string
  /** That it was accepted; or refused by the machine itself, as nothing listens there: it got that far. */
  got: boolean
}

/** Run in a pod: prints for each `address:port` whether an answer of any kind came within two seconds. */
const program = `
const { connect } = require('node:net')
const answers = process.argv.slice(1).map((target) => new Promise((resolve) => {
  const [host, port] = target.split(':')
  const socket = connect({ host, port, timeout: 2000 })
  const end = (got) => { socket.destroy(); resolve(got) }
  socket.on('connect', () => end(true))
  socket.on('timeout', () => end(false))
  socket.on('error', ({ code }) => end(code === 'ECONNREFUSED'))
}))
Promise.all(answers).then((got) => console.log(JSON.stringify(got)))`

export async function tryAll(from: From, targets: To[]): Promise<Try[]> {
  const command = ['-c', 'user-container', '--', '/nodejs/bin/node', '-e', program]
  const addresses = targets.map(({ ip, port }) => `${ip}:${port}`)
  const text = await kubectl('-n', from.namespace, 'exec', from.pod, ...command, ...addresses)
  const got = JSON.parse(text) as boolean[]
  return targets.map(({ name, port }, n) => ({
    line: `${from.namespace}/${from.name} to ${name}:${port}`,
    got: got[n] ?? false,
  }))
}
