// What the confirmation task remembers about addresses, in Redis: the same suite as for the file.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { describeRecords } from '../../functions/confirmation/records/conformance.fixture.ts'
import { hour, refusalTime } from '../../functions/confirmation/records/port.ts'
import { RedisRecords } from '../../functions/confirmation/records/redis.ts'
import { parseRedisUrl, type RedisServer } from '../../functions/kit/redis/settings.ts'
import { ask, oneServer, type RedisSetup, redisInstalled } from '../sheets/redis.ts'

const inRedis = redisInstalled ? describe : describe.skip

inRedis('in Redis', () => {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await oneServer()
  })
  afterAll(() => setup.stop())

  const open = () => RedisRecords.open({ server: parseRedisUrl(setup.url) as RedisServer })

  describeRecords(async () => {
    await ask(setup.servers[0]?.port as number, ['flushall'])
    return open()
  })

  test('no key has an address, and each is forgotten in time', async () => {
    await ask(setup.servers[0]?.port as number, ['flushall'])
    const records = await open()
    await records.admit('ann@example.com', 's-1')
    await records.refuse({ form: 'one', address: 'ann@example.com' })
    const port = setup.servers[0]?.port as number
    const keys = (await ask(port, ['keys', '*'])) as unknown as string[]
    expect(String(keys)).not.toContain('ann')
    const times = await Promise.all(keys.map(async (key) => Number(await ask(port, ['pttl', key]))))
    const [mails = 0, refused = 0, ...others] = times.toSorted((a, b) => a - b)
    expect([mails > 0, mails <= hour, refused > hour, refused <= refusalTime]).toEqual(
      Array(4).fill(true),
    )
    expect(others).toEqual([])
    await records.close()
  })
})
