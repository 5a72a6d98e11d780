// Whether a Redis server keeps what it is given: what is too weak, and what the operator has accepted to lose.
import type { Redis } from 'ioredis'
import { type Loss, losses } from './settings.ts'

/** What its settings say; undefined where they cannot be read. */
export interface Found {
  appendonly?: string
  appendfsync?: string
  'min-replicas-to-write'?: string
  maxmemory?: string
  'maxmemory-policy'?: string
}

export interface Wanted {
  sentinel: boolean
  /** That have a write before it counts. */
  replicas: number
  accepted: Loss
}

/** Why the server cannot be used, where the operator has not accepted it. */
export async function checkServer(redis: Redis, wanted: Wanted): Promise<string | undefined> {
  const replication = await redis.info('replication')
  const found = await readSettings(redis)
  const weak = weaknesses(found, wanted)
  if (!/^master_replid:\w+/m.test(replication))
    weak.push(['unknown', 'master_replid in INFO replication', 'none: a failover goes unnoticed'])
  const refused = weak.filter(([loss]) => losses.indexOf(loss) > losses.indexOf(wanted.accepted))
  if (refused.length === 0) return undefined
  const texts = refused.map(([loss, expected, is]) => `expected ${expected}, found ${is} (${loss})`)
  const worst = losses.findLast((loss) => refused.some(([other]) => other === loss))
  return (
    `Redis could lose what was acknowledged: ${texts.join('; ')}. Change it, ` +
    `or accept that with REDIS_ACCEPTED_LOSS=${worst}; see docs/redis.md`
  )
}

export function weaknesses(
  found: Found | undefined,
  { sentinel, replicas }: Wanted,
): [Loss, expected: string, found: string][] {
  const weak: [Loss, string, string][] = []
  if (sentinel && replicas === 0) weak.push(['failover', 'REDIS_REPLICAS of 1 or more', '0'])
  if (!found) return [...weak, ['unknown', 'settings that CONFIG GET can read', 'that it may not']]
  if (found.appendonly !== 'yes')
    weak.push(['everything', 'appendonly yes', String(found.appendonly)])
  if (found.appendfsync === 'no') weak.push(['unknown', 'appendfsync always', 'no'])
  if (found.appendfsync === 'everysec' && replicas === 0)
    weak.push(['one-second', 'appendfsync always', 'everysec, and no replica'])
  const least = found['min-replicas-to-write'] ?? ''
  if (replicas > 0 && !(Number(least) >= 1))
    weak.push(['failover', 'min-replicas-to-write of 1 or more', least])
  const policy = found['maxmemory-policy'] ?? ''
  if (Number(found.maxmemory) > 0 && policy.startsWith('allkeys'))
    weak.push(['everything', 'maxmemory-policy noeviction', policy])
  return weak
}

async function readSettings(redis: Redis): Promise<Found | undefined> {
  const names = [
    'appendonly',
    'appendfsync',
    'min-replicas-to-write',
    'maxmemory',
    'maxmemory-policy',
  ]
  try {
    // One by one: before version 7 Redis takes one name only.
    const pairs = await Promise.all(names.map((name) => redis.config('GET', name)))
    return Object.fromEntries(pairs as [string, string][])
  } catch (error) {
    if ((error as Error).name === 'ReplyError') return undefined
    throw error
  }
}
