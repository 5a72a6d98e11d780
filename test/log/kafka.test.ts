// The conformance suite of the log on a real broker; `npm run test:faults` runs it on three.
import { join } from 'node:path'
import { beforeAll, jest } from '@jest/globals'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { describeOnKafka } from '../on-kafka.ts'
import { logConformance } from './conformance.ts'
import { freshTopics, openKafka, sharedCluster } from './kafka-cluster.ts'

jest.setTimeout(60_000)

let cluster: Cluster

describeOnKafka('the log on a broker', () => {
  beforeAll(async () => {
    cluster = await sharedCluster()
  }, 180_000)

  logConformance({
    empty: () => freshTopics(cluster.addresses),
    open: () => openKafka(cluster.addresses),
    writer: join(import.meta.dirname, 'kafka-writer.ts'),
    argument: () => cluster.addresses,
  })
})
