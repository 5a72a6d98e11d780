// The faults of a cluster of three brokers, each in the middle of the load.
import { join } from 'node:path'
import type { Cluster } from '#kafka/local/cluster.ts'
import { killConsumers, killFunctions } from './faults.ts'
import { between, type Fault, type Scenario } from './scenario.ts'

export interface Extent {
  /** Milliseconds that a broker is frozen. */
  frozen: number
  /** Milliseconds without two of three brokers. */
  gone: number
  /** How often processes are killed. */
  kills: number
}

export const long: Extent = { frozen: 20_000, gone: 15_000, kills: 20 }

type KafkaFault = Partial<Pick<Scenario, 'users' | 'requests' | 'environment'>> & { fault: Fault }

export const kafkaScenario = (
  cluster: Cluster,
  { users = 100, requests = 50, environment }: Partial<Scenario>,
): Scenario => ({
  users,
  requests,
  environment: { KAFKA_BROKERS: cluster.addresses, SHEETS_TIMEOUT_MS: '1000', ...environment },
  patience: 60_000,
})

const flakyPublish = join(import.meta.dirname, 'flaky-publish.ts')

export const kafkaFaults = (
  cluster: Cluster,
  { frozen, gone, kills }: Extent,
): Record<string, KafkaFault> => ({
  'no fault, 1,000 users with 5 requests each': {
    users: 1000,
    requests: 5,
    fault: async ({ instance }) => ({ instance, harm: 1 }),
  },

  'kill -9 of one broker, and when it is back of the next': {
    fault: async ({ instance }) => {
      for (const id of [1, 2]) {
        await between(500, 1500)
        await cluster.broker(id).signal('SIGKILL')
        await between(3000, 5000)
        await cluster.start()
      }
      return { instance, harm: 2 }
    },
  },

  'graceful restart of one broker after the other': {
    fault: async ({ instance }) => {
      for (const broker of cluster.brokers) {
        await between(500, 1500)
        await broker.signal('SIGTERM')
        await cluster.start()
      }
      return { instance, harm: 3 }
    },
  },

  'a broker frozen': {
    fault: async ({ instance }) => {
      await between(500, 1500)
      await cluster.broker(3).signal('SIGSTOP')
      await between(frozen, frozen)
      await cluster.broker(3).signal('SIGCONT')
      return { instance, harm: 1 }
    },
  },

  'two brokers of three gone': {
    fault: async ({ instance }) => {
      await between(500, 1500)
      await Promise.all([2, 3].map((id) => cluster.broker(id).signal('SIGKILL')))
      await between(gone, gone)
      await cluster.start()
      return { instance, harm: 2 }
    },
  },

  'kill -9 of all three brokers at once': {
    fault: async ({ instance }) => {
      await between(500, 1500)
      await Promise.all(cluster.brokers.map((broker) => broker.signal('SIGKILL')))
      await between(1000, 3000)
      await cluster.start()
      return { instance, harm: 3 }
    },
  },

  'kill -9 of what consumes, again and again': { fault: killConsumers(kills) },

  'kill -9 of functions at random': {
    fault: killFunctions(['validation', 'sheets', 'slang'], kills),
  },

  'every other publish of a task fails': {
    environment: { NODE_OPTIONS: `--import=${flakyPublish}` },
    fault: async ({ instance }) => ({ instance, harm: 1 }),
  },
})
