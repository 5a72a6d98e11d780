// Opens the ledger of a task's effects: Redis if REDIS_URL is set, otherwise a file in DATA_DIR.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type * as z from 'zod'
import { keepTimeOf } from './keep-time.ts'
import type { EffectStore, LedgerOwner } from './port.ts'
import type { effectSettings } from './settings.ts'

type Config = z.output<z.ZodObject<typeof effectSettings>>

export async function openStore(
  { name: task, maxAge }: LedgerOwner,
  config: Config,
): Promise<EffectStore> {
  const keepTime = keepTimeOf(maxAge)
  const { DATA_DIR, REDIS_URL: server, REDIS_REPLICAS: replicas, REDIS_ACCEPTED_LOSS } = config
  if (server) {
    const { RedisEffects } = await import('./redis/store.ts')
    const accepted = REDIS_ACCEPTED_LOSS
    const redis = { server, accepted, ...(replicas !== undefined && { replicas }) }
    return RedisEffects.open(redis, { task, keepTime })
  }
  return openFile(join(DATA_DIR, `${task}-effects.sqlite`), keepTime)
}

async function openFile(file: string, keepTime: number): Promise<EffectStore> {
  const { SqliteEffects } = await import('./sqlite/store.ts')
  try {
    return new SqliteEffects(file, keepTime)
  } catch (cause) {
    if (existsSync(file)) throw cause
    // The usual reason is a cluster without REDIS_URL: pods have no disk for the ledger, and replicas must share it.
    throw new Error(
      `Expected REDIS_URL, or DATA_DIR to be a folder for the ledger of effects, found "${dirname(file)}": ` +
        (cause as Error).message,
      { cause },
    )
  }
}
