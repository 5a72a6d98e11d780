// The conformance suite of the log on a real broker; `npm run test:faults` runs it on three.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, jest, test } from '@jest/globals'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { describeOnKafka } from '../on-kafka.ts'
import { until } from '../until.ts'
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

  // The log asks every two seconds whether the brokers can be reached.
  test('closing leaves no connection, also while the brokers are asked', async () => {
    const connections = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
    const before = connections()
    const openAndClose = async (ms: number) => {
      const log = await openKafka(cluster.addresses)
      await delay(ms)
      await log.close()
    }
    const times = Array.from({ length: 30 }, (_, n) => 1996 + n / 2)
    for (const some of [times.slice(0, 15), times.slice(15)]) {
      await Promise.all(some.map(openAndClose))
    }
    await until(() => connections() <= before)
  })
})
