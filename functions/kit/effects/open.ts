// Opens the ledger of a task's effects: Redis if REDIS_URL is set, otherwise a file in DATA_DIR.
import { join } from 'node:path'
import type * as z from 'zod'
import type { EffectStore } from './port.ts'
import type { effectSettings } from './settings.ts'

type Config = z.output<z.ZodObject<typeof effectSettings>>

export async function openEffects(task: string, config: Config): Promise<EffectStore> {
  const { DATA_DIR, REDIS_URL: server, REDIS_REPLICAS: replicas, REDIS_ACCEPTED_LOSS } = config
  if (server) {
    const { RedisEffects } = await import('./redis/store.ts')
    const accepted = REDIS_ACCEPTED_LOSS
    const redis = { server, accepted, ...(replicas !== undefined && { replicas }) }
    return RedisEffects.open(task, redis)
  }
  const { SqliteEffects } = await import('./sqlite/store.ts')
  return new SqliteEffects(join(DATA_DIR, `${task}-effects.sqlite`))
}
