// The buffer of this instance: Redis where several share the rows that wait, else a file of its own.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import type { Buffer } from './port.ts'
import { SqliteBuffer } from './sqlite/buffer.ts'

export async function openBuffer(config: Config): Promise<Buffer> {
  const { DATA_DIR, REDIS_URL: server, REDIS_REPLICAS: replicas, REDIS_ACCEPTED_LOSS } = config
  const file = join(DATA_DIR, 'sheets-buffer.sqlite')
  if (!server) return openFile(file)
  await expectNoneLeft(file)
  const { RedisBuffer } = await import('./redis/buffer.ts')
  const accepted = REDIS_ACCEPTED_LOSS
  return RedisBuffer.open({ server, accepted, ...(replicas !== undefined && { replicas }) })
}

function openFile(file: string): Buffer {
  try {
    return new SqliteBuffer(file)
  } catch (cause) {
    if (existsSync(file)) throw cause
    // In a cluster: there is no disk to keep rows on, nor may several replicas each keep their own.
    throw new Error(
      `Expected REDIS_URL, or DATA_DIR to be a folder to keep rows in, found "${dirname(file)}": ` +
        (cause as Error).message,
      { cause },
    )
  }
}

/** Rows that wait in the file of an earlier start without Redis would wait for ever. */
async function expectNoneLeft(file: string): Promise<void> {
  if (!existsSync(file)) return
  const left = new SqliteBuffer(file)
  const waiting = await left.waiting()
  await left.close()
  const rows = waiting.reduce((sum, one) => sum + one.rows, 0)
  if (rows === 0) return
  throw new Error(
    `Expected no rows to wait in ${file}, found ${rows}: start once without REDIS_URL until they are written`,
  )
}
