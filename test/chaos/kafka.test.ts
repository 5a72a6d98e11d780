// The shortest fault on Kafka, with one broker; `npm run test:faults` has all, on three brokers.
import { beforeAll, expect, test } from '@jest/globals'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { sharedCluster } from '../log/kafka-cluster.ts'
import { describeOnKafka } from '../on-kafka.ts'
import { kafkaScenario, killAllBrokers } from './kafka-faults.ts'
import { run } from './scenario.ts'
import { expectStruck } from './struck.ts'

describeOnKafka('on one broker', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await sharedCluster()
  }, 180_000)

  test('kill -9 of the broker: nothing acknowledged is missing, nothing is doubled', async () => {
    const counts = await run(killAllBrokers(cluster), kafkaScenario(cluster, { requests: 5 }))
    console.log(counts)
    expect(counts).toMatchObject({ missing: 0, duplicate: 0, unfollowed: 0, conflicting: 0 })
    expectStruck(counts)
  }, 240_000)
})
