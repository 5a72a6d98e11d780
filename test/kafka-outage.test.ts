import { jest } from '@jest/globals'
import { testOutage } from './kafka-outage.ts'
import { sharedCluster } from './log/kafka-cluster.ts'
import { describeOnKafka } from './on-kafka.ts'

jest.setTimeout(90_000)

describeOnKafka('an outage of the only broker', () => {
  testOutage({ start: sharedCluster, posts: 2000 })
})
