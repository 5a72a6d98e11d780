// Opens the buffer of this instance: Redis if REDIS_URL is set, otherwise a file in DATA_DIR.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import type { RowBuffer } from './port.ts'
import { SqliteBuffer } from './sqlite/buffer.ts'

export async function openBuffer(config: Config): Promise<RowBuffer> {
  const { DATA_DIR, REDIS_URL: server, REDIS_REPLICAS: replicas, REDIS_ACCEPTED_LOSS } = config
  const file = join(DATA_DIR, 'sheets-buffer.sqlite')
  if (!server) return openFile(file)
  await requireEmptyFile(file)
  const { RedisBuffer } = await import('./redis/buffer.ts')
  const accepted = REDIS_ACCEPTED_LOSS
  return RedisBuffer.open({ server, accepted, ...(replicas !== undefined && { replicas }) })
}

function openFile(file: string): RowBuffer {
  try {
    return new SqliteBuffer(file)
  } catch (cause) {
    if (existsSync(file)) throw cause
    // The usual reason is a cluster without REDIS_URL: pods have no disk for rows, and replicas must share them.
    throw new Error(
      `Expected REDIS_URL, or DATA_DIR to be a folder for the rows that wait, found "${dirname(file)}": ` +
        (cause as Error).message,
      { cause },
    )
  }
}

/** Rows left in the file by an earlier start without Redis would never be written. */
async function requireEmptyFile(file: string): Promise<void> {
  if (!existsSync(file)) return
  const buffer = new SqliteBuffer(file)
  const waiting = await buffer.waiting()
  await buffer.close()
  const rows = waiting.reduce((sum, one) => sum + one.rows, 0)
  if (rows === 0) return
  throw new Error(
    `Expected no rows to wait in ${file}, found ${rows}: start once without REDIS_URL until they are written`,
  )
}
