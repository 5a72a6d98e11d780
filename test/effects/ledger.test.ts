// The ledger of effects: one suite for the file and for Redis.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Attempt, type EffectStore, leaseTime } from '../../functions/kit/effects/port.ts'
import { RedisEffects } from '../../functions/kit/effects/redis/store.ts'
import { SqliteEffects } from '../../functions/kit/effects/sqlite/store.ts'
import { parseRedisUrl, type RedisServer } from '../../functions/kit/redis/settings.ts'
import { ask, oneServer, type RedisSetup, redisInstalled } from '../sheets/redis.ts'

const opened: EffectStore[] = []
const keepTime = 86_400_000

interface Adapter {
  open: () => Promise<EffectStore>
  /** Makes sure that attempts of processes that have ended no longer hold their effects. */
  endLeases: (submission: string) => Promise<void>
}

function conformance({ open: openStore, endLeases }: Adapter): void {
  const open = async () => {
    const store = await openStore()
    opened.push(store)
    return store
  }
  const close = async () => {
    for (const store of opened.splice(0)) await store.close()
  }
  afterEach(close)

  const attemptOf = (submission: string): Attempt => ({
    submission,
    effect: 'mail',
    attempt: randomUUID(),
  })
  const begun = { state: 'begun', unknown: 0, interrupted: false }

  test('an effect that is done stays done with its result, also after a restart', async () => {
    const result = { id: 'ä "1"', list: [], nothing: null, number: 1.5 }
    const first = attemptOf('done')
    const store = await open()
    expect(await store.begin(first, 'leave')).toEqual(begun)
    await store.finish(first, result)
    const done = { state: 'done', unknown: 0, result }
    expect(await store.begin(attemptOf('done'), 'leave')).toEqual(done)
    await close()
    expect(await (await open()).begin(attemptOf('done'), 'repeat')).toEqual(done)
  })

  test('of 200 attempts at once, one begins', async () => {
    const store = await open()
    const attempts = Array.from({ length: 200 }, () => attemptOf('at-once'))
    const known = await Promise.all(attempts.map((one) => store.begin(one, 'repeat')))
    expect(known.filter(({ state }) => state === 'begun')).toHaveLength(1)
    expect(known.filter(({ state }) => state === 'held')).toHaveLength(199)
  })

  test('effects of other submissions and other names are their own', async () => {
    const store = await open()
    const one = attemptOf('own')
    const others = [{ ...one, submission: 'own"' }, { ...one, effect: 'other' }, one]
    for (const other of others) expect(await store.begin(other, 'leave')).toEqual(begun)
  })

  test('what was given back is as if it had not begun', async () => {
    const store = await open()
    const first = attemptOf('back')
    await store.begin(first, 'leave')
    await store.giveBack(first)
    expect(await store.begin(attemptOf('back'), 'leave')).toEqual(begun)
  })

  test('unknown results add up, and giving back keeps them', async () => {
    const store = await open()
    for (const unknown of [0, 1]) {
      const attempt = attemptOf('unknown')
      expect(await store.begin(attempt, 'repeat')).toEqual({ ...begun, unknown })
      await store.leave(attempt)
    }
    const third = attemptOf('unknown')
    await store.begin(third, 'repeat')
    await store.giveBack(third)
    const left = { state: 'unknown', unknown: 2, interrupted: false }
    expect(await store.begin(attemptOf('unknown'), 'leave')).toEqual(left)
    const fourth = attemptOf('unknown')
    expect(await store.begin(fourth, 'repeat')).toEqual({ ...begun, unknown: 2 })
    await store.finish(fourth, 'sent')
    expect(await store.begin(attemptOf('unknown'), 'repeat')).toEqual({
      state: 'done',
      unknown: 2,
      result: 'sent',
    })
  })

  test.each([
    ['repeat', 'begun'],
    ['leave', 'unknown'],
  ] as const)('after a crash in the middle, the policy %s makes it %s', async (policy, state) => {
    const submission = `crash-${policy}`
    await (await open()).begin(attemptOf(submission), policy)
    await close()
    await endLeases(submission)
    const store = await open()
    const next = attemptOf(submission)
    expect(await store.begin(next, policy)).toEqual({ state, unknown: 1, interrupted: true })
  })

  test('an attempt that others have replaced changes nothing any more', async () => {
    const late = attemptOf('late')
    await (await open()).begin(late, 'repeat')
    await close()
    await endLeases('late')
    const store = await open()
    const next = attemptOf('late')
    await store.begin(next, 'repeat')
    for (const end of [store.giveBack(late), store.leave(late), store.finish(late, 'late')])
      await end
    expect(await store.begin(attemptOf('late'), 'repeat')).toEqual({ state: 'held' })
    await store.finish(next, 'next')
    expect(await store.begin(attemptOf('late'), 'repeat')).toMatchObject({ result: 'next' })
  })
}

describe('SQLite', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-effects-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  conformance({
    open: async () => new SqliteEffects(join(folder, 'effects.sqlite'), keepTime),
    // The file belongs to one process, so nobody else can still have an effect.
    endLeases: async () => {},
  })

  test('entries are deleted once they are older than the ledger remembers, the oldest first', async () => {
    const store = new SqliteEffects(join(folder, 'old.sqlite'), 0)
    const known = async (submission: string) => {
      const attempt = { submission, effect: 'mail', attempt: randomUUID() }
      const { state } = await store.begin(attempt, 'repeat')
      if (state === 'begun') await store.finish(attempt, 'sent')
      return state
    }
    await known('old')
    await delay(5)
    expect(await known('new')).toBe('begun')
    expect(await known('old')).toBe('begun')
    await store.close()
  })

  test('an attempt of the same process holds its effect for the time of its lease, and no longer', async () => {
    const store = new SqliteEffects(join(folder, 'lease.sqlite'), keepTime)
    const clock = jest.spyOn(performance, 'now')
    const begin = async (attempt: string, time: number) => {
      clock.mockReturnValue(time)
      return store.begin({ submission: 's', effect: 'mail', attempt }, 'repeat')
    }
    try {
      expect(await begin('hangs', 0)).toMatchObject({ state: 'begun' })
      expect(await begin('next', leaseTime - 1)).toEqual({ state: 'held' })
      expect(await begin('next', leaseTime + 1)).toEqual({
        ...{ state: 'begun', unknown: 1, interrupted: true },
      })
      await store.finish({ submission: 's', effect: 'mail', attempt: 'hangs' }, 'late')
      expect(await begin('third', leaseTime + 2)).toEqual({ state: 'held' })
    } finally {
      clock.mockRestore()
      await store.close()
    }
  })

  test('a file that another instance has open is refused', async () => {
    const file = join(folder, 'shared.sqlite')
    const store = new SqliteEffects(file, keepTime)
    expect(() => new SqliteEffects(file, keepTime)).toThrow(/belongs to another instance/)
    await store.close()
  })
})

const describeRedis = redisInstalled ? describe : describe.skip
describeRedis('Redis', () => {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await oneServer()
  }, 30_000)
  afterAll(() => setup.stop())

  const open = () => {
    const server = parseRedisUrl(setup.url) as RedisServer
    return RedisEffects.open({ server }, { task: 'mails', keepTime })
  }
  const keyOf = (submission: string) => `formstream:effects:{mails:${submission}}`
  const port = () => setup.servers[0]!.port

  conformance({
    open,
    async endLeases(submission) {
      const entry = JSON.parse(String(await ask(port(), ['hget', keyOf(submission), 'mail'])))
      const over = JSON.stringify({ ...entry, lease: 0 })
      await ask(port(), ['hset', keyOf(submission), 'mail', over])
    },
  })

  test('a note whose reply was lost is written again, so that the replicas acknowledge it', async () => {
    const attempt = { submission: 'twice', effect: 'mail', attempt: 'first' }
    const writes = async () => {
      const info = String(await ask(port(), ['info', 'persistence']))
      return Number(/rdb_changes_since_last_save:(\d+)/.exec(info)?.[1])
    }
    const store = await open()
    await store.begin(attempt, 'repeat')
    await store.finish(attempt, 'sent')
    const before = await writes()
    await store.finish(attempt, 'sent')
    expect((await writes()) - before).toBe(1)
    await store.close()
  })

  test('an effect is held while the lease of an attempt lasts, whichever process had it', async () => {
    const attempt = { submission: 'lease', effect: 'mail', attempt: 'first' }
    const [one, other] = [await open(), await open()]
    await one.begin(attempt, 'repeat')
    await one.close()
    expect(await other.begin({ ...attempt, attempt: 'second' }, 'repeat')).toEqual({
      state: 'held',
    })
    await other.close()
    const left = Number(await ask(port(), ['pttl', keyOf('lease')]))
    expect(left).toBeGreaterThan(keepTime - 60_000)
    expect(left).toBeLessThanOrEqual(keepTime)
  })
})
