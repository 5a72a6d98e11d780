// Loaded first in a dry run: sockets of this process connect to K_SINK alone, and every other attempt is reported and fails.
import { Socket as UdpSocket } from 'node:dgram'
import { Socket } from 'node:net'
import type { Report } from './report.ts'

const { hostname, port } = new URL(process.env.K_SINK as string)
const sink = `${hostname}:${port}`

/** As clients know it from a server that does not listen. */
class Refused extends Error {
  readonly code = 'ECONNREFUSED'
}

function refuse(address: string): Refused {
  const line: Report = { avoided: `connect to ${address}` }
  process.send?.(line)
  return new Refused(`Dry run: expected no connection but to the sink, found one to ${address}`)
}

/** The address in the arguments of `connect`: options, a port and a host, or a path; Node's own callers pass all of them as one list. */
function addressIn(args: unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args
  if (typeof first === 'object' && first !== null) {
    const { path, host = 'localhost', port = '' } = first as Record<string, unknown>
    return path ? String(path) : `${host}:${port}`
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return first
  return `${typeof second === 'string' ? second : 'localhost'}:${first}`
}

const { connect } = Socket.prototype
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  const address = addressIn(args)
  if (address === sink) return connect.apply(this, args as never)
  const refused = refuse(address)
  // Later, as a server's refusal would come: the caller has no listener for the error yet.
  process.nextTick(() => this.destroy(refused))
  return this
}

UdpSocket.prototype.send = (...args: unknown[]): void => {
  const port = args.find((one) => typeof one === 'number')
  throw refuse(`UDP port ${port}`)
}
