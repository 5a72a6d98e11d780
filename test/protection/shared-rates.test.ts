// Two endpoints that share their counts in a real Redis, and what they do while it is away.
import { isDeepStrictEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { makeApp } from '../../functions/form-endpoint/app.fixture.ts'
import { ask, oneServer, type RedisSetup, redisInstalled } from '../sheets/redis.ts'
import { until } from '../until.ts'

const form =
  'title: Demo\nfields:\n  item1: { type: text }\n  email: { type: email, required: false }\n'

const whereInstalled = redisInstalled ? describe : describe.skip

whereInstalled('with a Redis that may lose writes', () => {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await oneServer({ appendonly: 'no' })
  })
  afterAll(() => setup.stop())

  const open = (protect: string) =>
    makeApp({
      files: { 'demo.yaml': `${form}protect: { ${protect} }\n` },
      protect: { REDIS_URL: setup.url },
      secrets: ['s'.repeat(32)],
    })

  test('an endpoint with a limited form does not start, one with rates does', async () => {
    const { app: limited } = await open('limit: 2')
    await expect(limited.ready()).rejects.toThrow('Redis could lose what was acknowledged')
    const { post } = await open('perForm: 2 per day')
    expect((await post('/forms/demo', { item1: 'a' })).statusCode).toBe(202)
  })
})

test('an endpoint starts while Redis is away, and refuses only the submissions that it would have to count', async () => {
  const { app, post } = await makeApp({
    files: {
      'limited.yaml': `${form}protect: { limit: 2 }\n`,
      'demo.yaml': `${form}protect: { perForm: 2 per day }\n`,
    },
    protect: { REDIS_URL: 'redis://127.0.0.1:1' },
  })
  await app.ready()
  expect((await post('/forms/limited', { item1: 'a' })).statusCode).toBe(503)
  expect((await post('/forms/demo', { item1: 'a' })).statusCode).toBe(202)
})

whereInstalled('with Redis', () => {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await oneServer()
  })
  beforeEach(async () => {
    await until(() => setup.servers[0]?.answers())
    await ask(port(), ['flushall'])
  })
  afterEach(() => setup.servers[0]?.thaw())
  afterAll(() => setup.stop())
  const port = () => setup.servers[0]?.port as number

  const open = (protect: string) =>
    makeApp({
      files: {
        'demo.yaml': `${form}protect: { ${protect} }\n`,
        'first.yaml': `${form}protect: { perForm: 1000 per day }\n`,
      },
      protect: { REDIS_URL: setup.url },
      secrets: ['s'.repeat(32)],
    })

  type Endpoint = Awaited<ReturnType<typeof open>>
  let sent = 0
  const send = async ({ post }: Endpoint, answers = {}, form = 'demo') =>
    (await post(`/forms/${form}`, { item1: `n${sent++}`, ...answers })).statusCode

  /** The first submission connects: until then each endpoint counts alone. */
  async function openConnected(protect: string): Promise<Endpoint> {
    const endpoint = await open(protect)
    await until(async () => {
      await ask(port(), ['flushall'])
      await send(endpoint, {}, 'first')
      return ((await ask(port(), ['dbsize'])) as number) > 0
    })
    await ask(port(), ['flushall'])
    return endpoint
  }

  const failuresOf = async ({ app }: Endpoint) =>
    /^formstream_rate_failures_total .*$/m.exec((await app.inject('/metrics')).body)?.[0]

  /** Repeats a round with other endpoints if Redis did not answer in time, as on a busy machine: then they count alone. */
  function counted<Result>(protect: string, round: (a: Endpoint, b: Endpoint) => Promise<Result>) {
    return until(async () => {
      const [a, b] = [await openConnected(protect), await openConnected(protect)]
      const failures = () => Promise.all([a, b].map(failuresOf))
      const before = await failures()
      const result = await round(a, b)
      return isDeepStrictEqual(await failures(), before) && result
    })
  }

  test('two endpoints count together', async () => {
    const email = 'ann@example.org'
    const statuses = await counted('perForm: 100 per hour, perEmail: 3 per hour', async (a, b) => {
      const found: number[] = []
      for (const endpoint of [a, b, a, b, a]) found.push(await send(endpoint, { email }))
      return found
    })
    expect(statuses).toEqual([202, 202, 202, 429, 429])
  })

  test('keys hold no address of a person, and end with their window', async () => {
    const rates = 'perAddress: 9 per hour, perEmail: 9 per hour'
    const keys = await counted(rates, async (endpoint) => {
      await send(endpoint, { email: 'ann@example.org' })
      return (await ask(port(), ['keys', '*'])) as string[]
    })
    expect(keys).toHaveLength(2)
    for (const key of keys) {
      expect(key).toMatch(/^formstream:rate:[\w-]{43}$/)
      expect(await ask(port(), ['pttl', key])).toBeGreaterThan(3_500_000)
    }
  })

  test('while Redis is away each endpoint counts alone, and says so', async () => {
    const endpoint = await openConnected('perAddress: 2 per hour')
    await setup.servers[0]?.kill()
    expect([await send(endpoint), await send(endpoint), await send(endpoint)]).toEqual([
      202, 202, 429,
    ])
    const { body: metrics } = await endpoint.app.inject('/metrics')
    expect(metrics).toMatch(/^formstream_rate_failures_total [1-9]/m)
    await setup.servers[0]?.start()
  })

  test('while Redis is frozen a submission does not wait for it', async () => {
    const endpoint = await openConnected('perAddress: 2 per hour')
    setup.servers[0]?.freeze()
    expect([await send(endpoint), await send(endpoint), await send(endpoint)]).toEqual([
      202, 202, 429,
    ])
  })

  test('a form with a limit is 503 while Redis is away, as nobody knows how many there are', async () => {
    const endpoint = await open('limit: 2')
    expect(await send(endpoint)).toBe(202)
    await setup.servers[0]?.kill()
    expect(await send(endpoint)).toBe(503)
    await setup.servers[0]?.start()
    await until(async () => (await send(endpoint)) === 202)
    expect([await send(endpoint), endpoint.appended.length]).toEqual([403, 2])
  })
})
