// The places of forms with a limit: one suite for the file and for Redis.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Places } from '../../functions/form-endpoint/protect/places/port.ts'
import { RedisPlaces } from '../../functions/form-endpoint/protect/places/redis.ts'
import { SqlitePlaces } from '../../functions/form-endpoint/protect/places/sqlite.ts'
import { parseRedisUrl, type RedisServer } from '../../functions/kit/redis/settings.ts'
import { ask, oneServer, type RedisSetup, redisInstalled } from '../sheets/redis.ts'

const opened: Places[] = []

function conformance(openPlaces: () => Promise<Places>): void {
  const form = 'demo'
  const open = async () => {
    const places = await openPlaces()
    opened.push(places)
    return places
  }
  const close = async () => {
    for (const places of opened.splice(0)) await places.close()
  }
  afterEach(close)
  const granted = async (takes: Promise<boolean>[]) =>
    (await Promise.all(takes)).filter(Boolean).length

  test('1,000 submissions at once get exactly as many places as there are', async () => {
    const places = await open()
    const ids = Array.from({ length: 1000 }, (_, n) => `s-${n}`)
    expect(await granted(ids.map((id) => places.take({ form, id }, 137)))).toBe(137)
    expect(await places.isFull(form, 137)).toBe(true)
    expect(await places.isFull(form, 138)).toBe(false)
    expect(await places.isFull('other', 1)).toBe(false)
  })

  test('a repeat has the place of the first request', async () => {
    const places = await open()
    const take = (id: string) => places.take({ form, id }, 2)
    const results = []
    for (const id of ['a', 'a', 'b', 'a', 'c', 'b']) results.push(await take(id))
    expect(results).toEqual([true, true, true, true, false, true])
  })

  test('what is taken stays taken over a restart, and a smaller limit is full at once', async () => {
    const before = await open()
    for (const id of ['a', 'b', 'c']) await before.take({ form, id }, 4)
    await close()
    const places = await open()
    const take = (id: string, limit: number) => places.take({ form, id }, limit)
    expect(await take('d', 2)).toBe(false)
    expect(await take('a', 2)).toBe(true)
    expect([await take('d', 4), await take('e', 4), await take('e', 5)]).toEqual([
      true,
      false,
      true,
    ])
  })

  test('a place is free when all requests of its submission have given it back', async () => {
    const places = await open()
    const holder = { form, id: 'a' }
    await places.take(holder, 1)
    await places.take(holder, 1)
    await places.giveBack(holder)
    expect(await places.take({ form, id: 'b' }, 1)).toBe(false)
    await places.giveBack(holder)
    expect(await places.take({ form, id: 'b' }, 1)).toBe(true)
  })
}

describe('in a file', () => {
  let folder: string
  let n = 0
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-places-'))
  })
  afterEach(() => {
    n += 1
  })
  afterAll(() => rm(folder, { recursive: true }))

  conformance(async () => new SqlitePlaces(join(folder, `${n}.sqlite`)))
})

const whereInstalled = redisInstalled ? describe : describe.skip

whereInstalled('in Redis', () => {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await oneServer()
  })
  afterEach(async () => {
    await ask(setup.servers[0]?.port as number, ['flushall'])
  })
  afterAll(() => setup.stop())

  const open = () => RedisPlaces.open({ server: parseRedisUrl(setup.url) as RedisServer })
  conformance(open)

  test('three endpoints together grant as many places as there are', async () => {
    const endpoints = await Promise.all([open(), open(), open()])
    opened.push(...endpoints)
    const takes = endpoints.flatMap((places, at) =>
      Array.from({ length: 300 }, (_, n) => places.take({ form: 'demo', id: `${at}-${n}` }, 250)),
    )
    expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(250)
  })
})
