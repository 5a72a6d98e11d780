// Conditions under which the sheets task must write each row once: high load, a Redis failover, killed flushers, refused calls.
import { setTimeout as delay } from 'node:timers/promises'
import { between, random } from '../chaos/seeded.ts'
import { oneServer, type RedisSetup, withSentinels } from './redis.ts'
import type { FaultContext, Scenario } from './scenario.ts'

interface Prepared {
  scenario: Scenario
  stop: () => Promise<void>
}

const google = { quota: true, latencyMs: 300 }

const base: Omit<Scenario, 'environment'> = {
  submissions: 100_000,
  forms: 20,
  instances: 3,
  rate: 800,
  faults: google,
  timeLimit: 240_000,
}

const prepared = (redis: RedisSetup, scenario: Partial<Scenario>): Prepared => ({
  scenario: {
    ...base,
    ...scenario,
    environment: { REDIS_URL: redis.url, ...scenario.environment },
  },
  stop: redis.stop,
})

/** Settings for killing instances. Without the quota, so that many batches are interrupted. */
const killing: Partial<Scenario> = {
  submissions: 20_000,
  forms: 4,
  instances: 2,
  // Slow enough that the load lasts until the last kill.
  rate: 130,
  faults: { latencyMs: 50, rateAppliedButLost: 0.1 },
  environment: {
    SHEETS_CALLS_PER_MINUTE: '100000',
    SHEETS_BATCH_MS: '100',
    SHEETS_WATERMARK_MS: '200',
    SHEETS_TIMEOUT_MS: '2000',
  },
}

/** Kills a random instance `times` times, or until all submissions are recorded. */
export const killInstances =
  (times: number) =>
  async ({ instances, over }: FaultContext): Promise<number> => {
    let [harm, done] = [0, false]
    void over.then(() => {
      done = true
    })
    while (harm < times && !done) {
      await between(1000, 4000)
      const pid = await instances[Math.floor(random() * instances.length)]?.pid
      if (!pid) continue
      process.kill(pid, 'SIGKILL')
      harm += 1
    }
    return harm
  }

export const faults: Record<string, () => Promise<Prepared>> = {
  'load: 20 forms, three instances, the quotas of Google': async () =>
    prepared(await oneServer(), {}),

  'failover: kill -9 of the Redis master': async () => {
    const redis = await withSentinels()
    return prepared(redis, {
      async harm() {
        await delay(20_000)
        const master = await redis.master()
        await master.kill()
        await delay(20_000)
        const leads = await redis.master()
        await master.start()
        return leads === master ? 0 : 1
      },
    })
  },

  'kill: flushers killed at random, 10% of the answers lost': async () =>
    prepared(await oneServer(), {
      ...killing,
      harm: killInstances(50),
    }),

  'refusals: 429 and 503 for ten minutes': async () =>
    prepared(await oneServer(), {
      ...killing,
      faults: { latencyMs: 50, rate429: 0.3, rate503: 0.5, rateAppliedButLost: 0.1 },
      timeLimit: 700_000,
      async harm({ setFaults, stats, over }) {
        await Promise.race([delay(600_000), over])
        await setFaults({})
        const { byStatus } = await stats()
        return (byStatus['429'] ?? 0) + (byStatus['503'] ?? 0)
      },
    }),
}
