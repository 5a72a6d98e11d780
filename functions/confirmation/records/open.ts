// Opens the records of this instance: Redis if REDIS_URL is set, otherwise a file in DATA_DIR.
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Records } from './port.ts'

export async function openRecords(config: Config): Promise<Records> {
  const { DATA_DIR, REDIS_URL: server, REDIS_REPLICAS: replicas, REDIS_ACCEPTED_LOSS } = config
  if (!server) {
    const { SqliteRecords } = await import('./sqlite.ts')
    try {
      return new SqliteRecords(join(DATA_DIR, 'mail-records.sqlite'))
    } catch (cause) {
      // The usual reason is a cluster without REDIS_URL.
      const { message } = cause as Error
      throw new Error(`Expected REDIS_URL, or DATA_DIR to be a folder for files: ${message}`, {
        cause,
      })
    }
  }
  const { RedisRecords } = await import('./redis.ts')
  const accepted = REDIS_ACCEPTED_LOSS
  return RedisRecords.open({ server, accepted, ...(replicas !== undefined && { replicas }) })
}
