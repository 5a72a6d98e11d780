// Connects to targets, and only to addresses that webhooks may go to: the address that is checked is the one that is connected to.
import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import type { buildConnector } from 'undici'
import makeConnector from 'undici/lib/core/connect.js'
import { literalIn, notPublic } from './address.ts'
import { type Allowed, allowsAddress, allowsHost } from './allowed.ts'

/** The target is at an address that webhooks must not go to. */
export class ForbiddenAddress extends Error {
  override name = 'ForbiddenAddress'
}

interface Options {
  allowed: Allowed
  /** ms for name, connection and TLS. */
  timeout: number
  /** Finds the addresses of a name. Default: as the system does. */
  lookup?: LookupFunction
}

/** The connection fails with `ForbiddenAddress` if the host is, or one of its addresses is, forbidden. */
export function guardedConnector({
  allowed,
  timeout,
  lookup = systemLookup as LookupFunction,
}: Options): buildConnector.connector {
  const connect = {
    'http:': makeConnector({ timeout, lookup: guarded('http:') } as buildConnector.BuildOptions),
    'https:': makeConnector({ timeout, lookup: guarded('https:') } as buildConnector.BuildOptions),
  }

  /** Why the address of the host is forbidden. */
  function problemOf(protocol: string, hostname: string, address: string): Error | undefined {
    if (allowsHost(allowed, hostname) || allowsAddress(allowed, address)) return undefined
    const kind = notPublic(address)
    if (kind) {
      return new ForbiddenAddress(
        `Expected a public address or one in WEBHOOK_ALLOW, found ${address} (${kind})`,
      )
    }
    if (protocol === 'https:') return undefined
    return new ForbiddenAddress('Expected https, or a target in WEBHOOK_ALLOW, found http')
  }

  /** Called by Node for names at each connection, not for literal addresses. */
  function guarded(protocol: string): LookupFunction {
    return (hostname, options, done) =>
      lookup(hostname, { ...options, all: true }, (error, found) => {
        const addresses = Array.isArray(found) ? found : []
        if (error) return done(error, '')
        const problem = addresses
          .map(({ address }) => problemOf(protocol, hostname, address))
          .find((one) => one !== undefined)
        if (problem) return done(problem as NodeJS.ErrnoException, '')
        if (options.all) return done(null, addresses)
        const [first = { address: '', family: 4 }] = addresses
        done(null, first.address, first.family)
      })
  }

  return (options, callback) => {
    const { hostname } = options
    const protocol = options.protocol === 'http:' ? 'http:' : 'https:'
    const literal = literalIn(hostname)
    const problem = literal === undefined ? undefined : problemOf(protocol, hostname, literal)
    if (problem) return void callback(problem, null)
    connect[protocol](options, callback)
  }
}
