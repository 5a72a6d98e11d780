// The faults of a cluster of three brokers, each in the middle of the load.
import type { Cluster } from '#kafka/local/cluster.ts'
import { killFunction, killTree } from './faults.ts'
import { between, type Fault, type Scenario } from './scenario.ts'

export const kafkaScenario = (cluster: Cluster, requests: number): Scenario => ({
  users: 100,
  requests,
  environment: { KAFKA_BROKERS: cluster.addresses, SHEETS_TIMEOUT_MS: '1000' },
  patience: 60_000,
})

export const kafkaFaults = (cluster: Cluster): Record<string, Fault> => ({
  'no fault': async ({ instance }) => ({ instance, harm: 1 }),

  'kill -9 of one broker, and when it is back of the next': async ({ instance }) => {
    for (const id of [1, 2]) {
      await between(500, 1500)
      await cluster.broker(id).signal('SIGKILL')
      await between(3000, 5000)
      await cluster.start()
    }
    return { instance, harm: 2 }
  },

  'graceful restart of one broker after the other': async ({ instance }) => {
    for (const broker of cluster.brokers) {
      await between(500, 1500)
      await broker.signal('SIGTERM')
      await cluster.start()
    }
    return { instance, harm: 3 }
  },

  'a broker frozen for 20 s': async ({ instance }) => {
    await between(500, 1500)
    await cluster.broker(3).signal('SIGSTOP')
    await between(20_000, 20_000)
    await cluster.broker(3).signal('SIGCONT')
    return { instance, harm: 1 }
  },

  'two brokers of three gone for 15 s': async ({ instance }) => {
    await between(500, 1500)
    await Promise.all([2, 3].map((id) => cluster.broker(id).signal('SIGKILL')))
    await between(15_000, 15_000)
    await cluster.start()
    return { instance, harm: 2 }
  },

  'kill -9 of all three brokers at once': async ({ instance }) => {
    await between(500, 1500)
    await Promise.all(cluster.brokers.map((broker) => broker.signal('SIGKILL')))
    await between(1000, 3000)
    await cluster.start()
    return { instance, harm: 3 }
  },

  'kill -9 of the whole process tree': killTree,
  'kill -9 of the slang function, five times': killFunction('slang', 5),
})
