// The buffer of this instance: Redis where several share the rows that wait, else a file of its own.
import { join } from 'node:path'
import type { Buffer } from './buffer.ts'
import { SqliteBuffer } from './buffer-sqlite.ts'
import type { Config } from './config.ts'

export async function openBuffer(config: Config): Promise<Buffer> {
  const { DATA_DIR, REDIS_URL: server, REDIS_REPLICAS: replicas, REDIS_ACCEPTED_LOSS } = config
  if (!server) return openFile(DATA_DIR)
  const { RedisBuffer } = await import('./buffer-redis.ts')
  const accepted = REDIS_ACCEPTED_LOSS
  return RedisBuffer.open({ server, accepted, ...(replicas !== undefined && { replicas }) })
}

function openFile(folder: string): Buffer {
  try {
    return new SqliteBuffer(join(folder, 'sheets-buffer.sqlite'))
  } catch (cause) {
    // In a cluster: there is no disk to keep rows on, nor may several replicas each keep their own.
    throw new Error(
      `Expected REDIS_URL, or DATA_DIR to be a folder to keep rows in, found "${folder}": ` +
        (cause as Error).message,
      { cause },
    )
  }
}
