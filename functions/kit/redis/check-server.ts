// Checks that a Redis server keeps acknowledged writes, as far as the operator has not accepted their loss.
import type { Redis } from 'ioredis'
import { type Loss, losses } from './settings.ts'

export interface ServerSettings {
  appendonly?: string
  appendfsync?: string
  'min-replicas-to-write'?: string
  maxmemory?: string
  'maxmemory-policy'?: string
}

export interface Requirements {
  sentinel: boolean
  /** How many replicas acknowledge a write before it counts. */
  replicas: number
  accepted: Loss
}

interface Weakness {
  loss: Loss
  expected: string
  found: string
}

/** Why the server cannot be used; undefined if it can. */
export async function checkServer(
  redis: Redis,
  requirements: Requirements,
): Promise<string | undefined> {
  const replication = await redis.info('replication')
  const weak = findWeaknesses(await readSettings(redis), requirements)
  if (!/^master_replid:\w+/m.test(replication))
    weak.push({
      loss: 'unknown',
      expected: 'master_replid in INFO replication',
      found: 'none: a failover goes unnoticed',
    })
  const severity = (loss: Loss) => losses.indexOf(loss)
  const refused = weak.filter(({ loss }) => severity(loss) > severity(requirements.accepted))
  if (refused.length === 0) return undefined
  const texts = refused.map(
    ({ loss, expected, found }) => `expected ${expected}, found ${found} (${loss})`,
  )
  const worst = losses.findLast((loss) => refused.some((one) => one.loss === loss))
  return (
    `Redis could lose what was acknowledged: ${texts.join('; ')}. Change it, ` +
    `or accept that with REDIS_ACCEPTED_LOSS=${worst}; see docs/redis.md`
  )
}

/** `settings`: undefined if they cannot be read. */
export function findWeaknesses(
  settings: ServerSettings | undefined,
  { sentinel, replicas }: Requirements,
): Weakness[] {
  const weak: Weakness[] = []
  const add = (loss: Loss, expected: string, found: string) => weak.push({ loss, expected, found })
  if (sentinel && replicas === 0) add('failover', 'REDIS_REPLICAS of 1 or more', '0')
  if (!settings) {
    add('unknown', 'settings that CONFIG GET can read', 'no permission to read them')
    return weak
  }
  const { appendonly, appendfsync, maxmemory } = settings
  if (appendonly !== 'yes') add('everything', 'appendonly yes', String(appendonly))
  if (appendfsync === 'no') add('unknown', 'appendfsync always', 'no')
  if (appendfsync === 'everysec' && replicas === 0)
    add('one-second', 'appendfsync always', 'everysec, and no replica')
  const minReplicas = settings['min-replicas-to-write'] ?? ''
  if (replicas > 0 && !(Number(minReplicas) >= 1))
    add('failover', 'min-replicas-to-write of 1 or more', minReplicas)
  const policy = settings['maxmemory-policy'] ?? ''
  if (Number(maxmemory) > 0 && policy.startsWith('allkeys'))
    add('everything', 'maxmemory-policy noeviction', policy)
  return weak
}

async function readSettings(redis: Redis): Promise<ServerSettings | undefined> {
  const names = [
    'appendonly',
    'appendfsync',
    'min-replicas-to-write',
    'maxmemory',
    'maxmemory-policy',
  ]
  try {
    // One by one: Redis before version 7 takes only one name.
    const pairs = await Promise.all(names.map((name) => redis.config('GET', name)))
    return Object.fromEntries(pairs as [string, string][])
  } catch (error) {
    if ((error as Error).name === 'ReplyError') return undefined
    throw error
  }
}
