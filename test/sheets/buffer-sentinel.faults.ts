// Several masters killed under load, one after the other; `npm test` kills one.
import { randomUUID } from 'node:crypto'
import { describe, expect, jest, test } from '@jest/globals'
import { RedisBuffer } from '../../functions/sheets/buffer/redis/buffer.ts'
import {
  parseRedisUrl,
  type RedisServer as Server,
} from '../../functions/sheets/buffer/redis/settings.ts'
import { killMasters } from './failover-load.ts'
import { redisInstalled, withSentinels } from './redis.ts'

jest.setTimeout(120_000)

async function killTwo(replicas: number) {
  const setup = await withSentinels()
  const buffer = await RedisBuffer.open({ server: parseRedisUrl(setup.url) as Server, replicas })
  try {
    return await killMasters({ setup, buffer, sheet: randomUUID() }, 2)
  } finally {
    await buffer.close()
    await setup.stop()
  }
}

;(redisInstalled ? describe : describe.skip)('masters killed under load', () => {
  test('with REDIS_REPLICAS=2 nothing acknowledged is lost, and no id has two rows', async () => {
    const { idsTwice, rebuilds, lost } = await killTwo(2)
    expect([idsTwice, lost]).toEqual([0, []])
    expect(rebuilds).toBeGreaterThanOrEqual(3)
  })

  // docs/redis.md says what can be lost. The row of a lost entry is not given to another.
  test('with REDIS_REPLICAS=1 no id has two rows', async () => {
    const { idsTwice, rebuilds } = await killTwo(1)
    expect(idsTwice).toBe(0)
    expect(rebuilds).toBeGreaterThanOrEqual(3)
  })
})
