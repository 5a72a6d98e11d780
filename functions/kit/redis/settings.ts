// The settings for Redis: REDIS_URL, REDIS_REPLICAS, REDIS_ACCEPTED_LOSS. See docs/redis.md.
import type { RedisOptions } from 'ioredis'
import * as z from 'zod'

/** Losses that an operator can accept. Each includes those before it. */
export const losses = ['nothing', 'one-second', 'failover', 'unknown', 'everything'] as const
export type Loss = (typeof losses)[number]

const expectedUrl =
  'expected redis://[[user]:password@]host[:port][/number], the same with rediss:// for TLS, or ' +
  'redis+sentinel://[[user]:password@]host[:port],host[:port],…/master (rediss+sentinel:// for TLS)'

export const redisSettings = {
  REDIS_URL: z
    .string()
    .transform((url, { addIssue }) => {
      const server = parseRedisUrl(url)
      if (typeof server !== 'string') return server
      addIssue(server)
      return z.NEVER
    })
    .optional()
    .describe(
      'Redis for what several instances share: the rows that wait ([redis.md](redis.md)), the effects of tasks ([effects.md](effects.md)), and the counts of forms with rates or a limit ([protection.md](protection.md)). Not set: files in DATA_DIR, one instance',
    ),
  REDIS_REPLICAS: z.coerce
    .number('expected a number')
    .int()
    .min(0)
    .max(10)
    .optional()
    .describe(
      'Replicas that acknowledge a write before it counts. Not set: 1 with Sentinel, 0 with one server',
    ),
  REDIS_ACCEPTED_LOSS: z
    .enum(losses)
    .default('nothing')
    .describe(
      'Data loss that you accept if the Redis servers are set up too weakly: nothing, one-second, failover, unknown or everything',
    ),
}

export interface RedisServer {
  options: RedisOptions
  sentinel: boolean
}

/** User and password may be percent-encoded. */
const pattern =
  /^redis(?<tls>s?)(?<sentinel>\+sentinel)?:\/\/(?:(?<user>(?:[^:@/%]|%[\da-fA-F]{2})*):(?<password>(?:[^@/%]|%[\da-fA-F]{2})*)@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^/?#]*))?$/

/** Returns the server, or what is wrong with the URL. The text never contains the URL, which may hold a password. */
export function parseRedisUrl(url: string): RedisServer | string {
  const { tls, sentinel, user, password, hosts = '', path } = pattern.exec(url)?.groups ?? {}
  const addresses = hosts.split(',').map((text) => toAddress(text, sentinel ? 26379 : 6379))
  if (addresses.includes(undefined)) return expectedUrl
  const secret = toSecret(user, password)
  if (!secret) return `${expectedUrl}; found a user or password that is not percent-encoded UTF-8`
  const secure = tls ? { tls: {} } : {}
  if (sentinel) {
    if (!path) return `${expectedUrl}; found no name of a master`
    const sentinels = addresses as Address[]
    return { sentinel: true, options: { ...toSentinel(sentinels, secret, secure), name: path } }
  }
  const db = Number(path || 0)
  if (addresses.length > 1) return `${expectedUrl}; found several hosts without +sentinel`
  if (!Number.isInteger(db)) return `${expectedUrl}; found "${path}" for the number of the database`
  return { sentinel: false, options: { ...addresses[0], ...secret, ...secure, db } }
}

interface Address {
  host: string
  port: number
}
interface Secret {
  username: string | undefined
  password: string | undefined
}

/** Servers and sentinels share the password and TLS. The user is for the servers only. */
function toSentinel(sentinels: Address[], secret: Secret, { tls }: { tls?: object }): RedisOptions {
  const same = { ...secret, sentinelPassword: secret.password }
  if (!tls) return { sentinels, ...same }
  return { sentinels, ...same, tls, sentinelTLS: tls, enableTLSForSentinelMode: true }
}

function toAddress(text: string, defaultPort: number): Address | undefined {
  const found = /^(?<host>[\w.-]+|\[[\da-fA-F:.]+\])(?::(?<port>\d{1,5}))?$/.exec(text)?.groups
  if (!found?.host) return undefined
  return { host: found.host.replace(/^\[|\]$/g, ''), port: Number(found.port ?? defaultPort) }
}

function toSecret(user?: string, password?: string): Secret | undefined {
  try {
    const decode = (text?: string) => (text ? decodeURIComponent(text) : undefined)
    return { username: decode(user), password: decode(password) }
  } catch {
    return undefined
  }
}
