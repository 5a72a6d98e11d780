// Effects while their process is killed and answers are lost: whoever has an effect twice is counted, and under `leave` nobody has.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { UnknownPolicy } from '../../functions/kit/effects/port.ts'
import { ask, oneServer, type RedisSetup, redisInstalled } from '../sheets/redis.ts'

const submissions = 400
const kills = 10

interface Ended {
  submission: string
  state: 'done' | 'unknown'
  unknown: number
}

/** Loses the answer to one of ten requests, and refuses one of ten. */
async function startReceiver() {
  const received = new Map<string, number>()
  let requests = 0
  const server = createServer((request, response) => {
    const n = requests++
    if (n % 10 === 3) return void response.writeHead(503).end()
    const submission = request.url!.slice(1)
    received.set(submission, (received.get(submission) ?? 0) + 1)
    if (n % 10 === 7) request.socket.destroy()
    else response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { received, url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

/** Kills the process several times, each time after a further part is done; then lets it end. */
async function haveEffects(
  where: string,
  {
    url,
    policy,
    endLeases,
  }: { url: string; policy: UnknownPolicy; endLeases: () => Promise<void> },
) {
  const ended = new Map<string, Ended>()
  let killed = 0
  for (let code: unknown; code !== 0; ) {
    const file = join(import.meta.dirname, 'having-effects.ts')
    const child = fork(file, [where, url, policy, String(submissions)])
    const exited = once(child, 'exit')
    child.on('message', (message) => {
      const one = message as Ended
      ended.set(one.submission, one)
      const due = ((killed + 1) * submissions) / (kills + 1)
      if (killed >= kills || ended.size < due || child.killed) return
      killed += 1
      child.kill('SIGKILL')
    })
    const [exit, signal] = await exited
    code = exit
    if (signal !== 'SIGKILL') expect(exit).toBe(0)
    await endLeases()
  }
  return [...ended.values()]
}

function conformance(where: () => string, endLeases: () => Promise<void>): void {
  test.each(['repeat', 'leave'] as const)(
    `${submissions} effects, ${kills} kills, one of ten answers lost, policy %s`,
    async (policy) => {
      const { received, url, close } = await startReceiver()
      const ended = await haveEffects(where(), { url, policy, endLeases })
      close()
      const timesOf = ({ submission }: Ended) => received.get(submission) ?? 0
      const twice = ended.filter((one) => timesOf(one) > 1)
      const unknown = ended.filter((one) => one.unknown > 0)
      const never = ended.filter((one) => timesOf(one) === 0)
      console.log(
        `policy ${policy}: ${ended.length} ended, ${unknown.length} with an unknown result, ` +
          `${twice.length} more than once, ${never.length} never`,
      )
      expect(ended).toHaveLength(submissions)
      for (const one of ended) {
        expect(timesOf(one)).toBeLessThanOrEqual(1 + one.unknown)
        if (one.state === 'done') expect(timesOf(one)).toBeGreaterThanOrEqual(1)
      }
      expect(unknown.length).toBeGreaterThanOrEqual(submissions / 20)
      // Else the test would show nothing of this policy.
      if (policy === 'repeat') expect(twice.length).toBeGreaterThan(0)
      else expect(twice).toEqual([])
    },
    120_000,
  )
}

describe('SQLite', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-effects-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  conformance(
    () => folder,
    async () => {},
  )
})

const describeRedis = redisInstalled ? describe : describe.skip
describeRedis('Redis', () => {
  let setup: RedisSetup
  beforeAll(async () => {
    setup = await oneServer()
  }, 30_000)
  afterAll(() => setup.stop())
  const redis = (...command: string[]) => ask(setup.servers[0]!.port, command)
  afterEach(async () => void (await redis('flushall')))

  /** As when the lease of each attempt is over, which a killed process leaves behind. */
  const script = `
    for _, key in ipairs(redis.call('KEYS', '*')) do
      local entry = cjson.decode(redis.call('HGET', key, 'post'))
      if entry.lease then
        entry.lease = 0
        redis.call('HSET', key, 'post', cjson.encode(entry))
      end
    end`
  conformance(
    () => setup.url,
    async () => void (await redis('eval', script, '0')),
  )
})
