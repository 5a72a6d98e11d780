// Says which IP addresses are on the public internet.
import ipaddr from 'ipaddr.js'

/** Azure's address for its machines: public by its number, and a service for metadata. */
const metadata = new Set(['168.63.129.16'])

/** No host listens there, whatever WEBHOOK_ALLOW says. */
const nowhere = new Set(['unspecified', 'broadcast', 'multicast'])

/**
 * Why no webhook goes to the address unless WEBHOOK_ALLOW names it: its kind, such as `private` or `loopback`; undefined for a public
 * one. IPv6 addresses that contain an IPv4 address (mapped, NAT64, 6to4, Teredo) are never public.
 */
export function notPublic(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return 'not an IP address'
  const parsed = ipaddr.parse(address)
  if (metadata.has(parsed.toString())) return 'metadata'
  const range = parsed.range()
  if (range !== 'unicast') return range
  // Only 2000::/3 is given to the public internet.
  return parsed instanceof ipaddr.IPv6 && parsed.parts[0]! >> 13 !== 1 ? 'reserved' : undefined
}

/** The kind of an address at which there can be no target. */
export function isNowhere(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined
  const range = ipaddr.parse(address).range()
  return nowhere.has(range) ? range : undefined
}

/** The literal address in the host of a URL, without brackets; undefined for a name. */
export function literalIn(hostname: string): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(host) ? host : undefined
}
