// WEBHOOK_ALLOW: the hosts and networks that webhooks may go to although they are not public.
import ipaddr from 'ipaddr.js'

type Network = ReturnType<typeof ipaddr.parseCIDR>

export interface Allowed {
  hosts: ReadonlySet<string>
  networks: readonly Network[]
}

/** Undefined if an entry is neither a host nor a network. */
export function parseAllowed(text: string): Allowed | undefined {
  const hosts = new Set<string>()
  const networks: Network[] = []
  for (const entry of text.split(',').map((one) => one.trim().toLowerCase())) {
    const network = toNetwork(entry)
    if (network) networks.push(network)
    else if (isHostName(entry)) hosts.add(entry)
    else return undefined
  }
  return { hosts, networks }
}

function toNetwork(entry: string): Network | undefined {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
  if (!ipaddr.IPv4.isValidFourPartDecimal(entry) && !ipaddr.IPv6.isValid(entry)) return undefined
  const address = ipaddr.parse(entry)
  return [address, address.kind() === 'ipv4' ? 32 : 128] as Network
}

/** Not a number in another notation, such as 0x7f.1. */
const isHostName = (entry: string): boolean =>
  /^(?=.{1,253}$)([a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?)(\.[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?)*$/.test(
    entry,
  ) && !/^(0x[\da-f]*|\d+)$/.test(entry.split('.').at(-1) as string)

export const allowsHost = ({ hosts }: Allowed, hostname: string): boolean =>
  hosts.has(hostname.replace(/\.$/, ''))

export function allowsAddress({ networks }: Allowed, address: string): boolean {
  const parsed = ipaddr.parse(address)
  return networks.some((network) => parsed.kind() === network[0].kind() && parsed.match(network))
}
