import { jest } from '@jest/globals'
import type { Cluster } from '../local/kafka/cluster.ts'
import { testOutage } from './kafka-outage.ts'
import { testCluster } from './log/kafka-cluster.ts'
import { describeOnKafka } from './on-kafka.ts'

jest.setTimeout(120_000)

describeOnKafka('an outage of three brokers', () => {
  let cluster: Cluster

  testOutage({
    async start(folder) {
      cluster = testCluster(folder, { port: 21392 })
      await cluster.start()
      return cluster
    },
    posts: 15_000,
    stop: () => cluster.stop(),
  })
})
