// Faults of a cluster of three brokers, in the middle of the load.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { endBroker } from './brokers.ts'
import { killConsumers, killFunctions } from './faults.ts'
import type { Fault, Scenario } from './scenario.ts'
import { between, seed } from './seeded.ts'

export interface Extent {
  /** How long a broker is frozen, ms. */
  frozen: number
  /** How long two of three brokers are down, ms. */
  gone: number
  /** Number of kills of processes. */
  kills: number
  /** Requests of each user while publishes fail. Fewer, because each takes several deliveries. */
  flaky: number
}

export const long: Extent = { frozen: 20_000, gone: 15_000, kills: 20, flaky: 50 }

export type KafkaFault = Partial<Scenario> & { fault: Fault }

export const kafkaScenario = (
  cluster: Cluster,
  { environment, ...own }: Partial<Scenario>,
): Scenario => ({
  users: 100,
  requests: 50,
  timeLimit: 60_000,
  ...own,
  environment: { KAFKA_BROKERS: cluster.addresses, SHEETS_TIMEOUT_MS: '1000', ...environment },
})

/** A run without a fault, for comparison. */
export const noFault = {
  harmless: true,
  users: 1000,
  requests: 5,
  fault: async ({ instance }) => ({ instance, harm: 0 }),
} satisfies KafkaFault

const flakyPublish = join(import.meta.dirname, 'flaky-publish.ts')
/** Failed publishes after which the fault ends, unless a minute has passed. */
const enoughFailures = 100

async function failedPublishes(dataDir: string): Promise<number> {
  for (let tries = 0; ; tries++) {
    const failed = await readFile(join(dataDir, 'failed-publishes'), 'utf8').catch(() => '')
    if (failed.length >= enoughFailures || tries === 600) return failed.length
    await between(100, 100)
  }
}

const sum = (counts: number[]) => counts.reduce((one, other) => one + other, 0)

const killAllBrokers =
  (cluster: Cluster): Fault =>
  async ({ instance }) => {
    const ended = await Promise.all(cluster.brokers.map((broker) => endBroker(broker, 'SIGKILL')))
    await between(1000, 3000)
    await cluster.start()
    return { instance, harm: sum(ended) }
  }

export const kafkaFaults = (
  cluster: Cluster,
  { frozen, gone, kills, flaky }: Extent,
): Record<string, KafkaFault> => ({
  'kill -9 of one broker, and when it is back of the next': {
    fault: async ({ instance }) => {
      let harm = 0
      for (const id of [1, 2]) {
        harm += await endBroker(cluster.broker(id), 'SIGKILL')
        await between(3000, 5000)
        await cluster.start()
        await between(500, 1500)
      }
      return { instance, harm }
    },
  },

  'graceful restart of one broker after the other': {
    fault: async ({ instance }) => {
      let harm = 0
      for (const broker of cluster.brokers) {
        harm += await endBroker(broker, 'SIGTERM')
        await cluster.start()
        await between(500, 1500)
      }
      return { instance, harm }
    },
  },

  'a broker frozen': {
    fault: async ({ instance }) => {
      await cluster.broker(3).signal('SIGSTOP')
      const [joined] = await Promise.all([cluster.countJoined(), between(frozen, frozen)])
      await cluster.broker(3).signal('SIGCONT')
      return { instance, harm: cluster.brokers.length - joined }
    },
  },

  'two brokers of three gone': {
    fault: async ({ instance }) => {
      const ended = await Promise.all([2, 3].map((id) => endBroker(cluster.broker(id), 'SIGKILL')))
      await between(gone, gone)
      await cluster.start()
      return { instance, harm: sum(ended) }
    },
  },

  'kill -9 of all three brokers at once': { fault: killAllBrokers(cluster) },

  'kill -9 of the consumers, repeatedly': { fault: killConsumers(kills) },

  'kill -9 of functions at random': {
    fault: killFunctions(['validation', 'sheets', 'slang'], kills),
  },

  'every other publish of a task fails': {
    requests: flaky,
    environment: { NODE_OPTIONS: `--import=${flakyPublish}`, SEED: String(seed) },
    fault: async ({ instance, dataDir }) => ({
      instance,
      harm: await failedPublishes(dataDir),
    }),
  },
})
