// A DNS server on this machine, whose answers a test chooses, and a lookup that asks it.
import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns'
import { once } from 'node:events'
import { isIP, type LookupFunction } from 'node:net'
import { type Answer, decode, encode, RECURSION_DESIRED } from 'dns-packet'

interface TestDns {
  lookup: LookupFunction
  /** Questions for IPv4 addresses, by name. */
  asked: string[]
  close: () => void
}

/** `addressesOf`: of a name, when it is asked for the n-th time (from 0). */
export async function startDns(
  addressesOf: (name: string, n: number) => string[],
): Promise<TestDns> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message)
    const [{ name, type } = { name: '', type: 'A' as const }] = questions
    const n = asked.filter((one) => one === name).length
    if (type === 'A') asked.push(name)
    const version = type === 'A' ? 4 : 6
    const answers = addressesOf(name, n)
      .filter((one) => isIP(one) === version)
      .map((data) => ({ name, type, ttl: 0, data }) as Answer)
    const response = { type: 'response', id: id ?? 0, flags: RECURSION_DESIRED } as const
    socket.send(encode({ ...response, questions, answers }), port, address)
  })
  await once(socket.bind(0, '127.0.0.1'), 'listening')
  const resolver = new Resolver()
  resolver.setServers([`127.0.0.1:${socket.address().port}`])
  return { lookup: lookupBy(resolver), asked, close: () => socket.close() }
}

const lookupBy =
  (resolver: Resolver): LookupFunction =>
  (name, _options, done) => {
    resolver.resolve4(name, (problem4, found4) =>
      resolver.resolve6(name, (_, found6) => {
        const addresses = [
          ...(found4 ?? []).map((address) => ({ address, family: 4 })),
          ...(found6 ?? []).map((address) => ({ address, family: 6 })),
        ]
        done(addresses.length > 0 ? null : problem4, addresses)
      }),
    )
  }
