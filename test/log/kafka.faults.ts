// The conformance suite of the log on three brokers.
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { describeOnKafka } from '../on-kafka.ts'
import { logConformance } from './conformance.ts'
import { freshTopics, openKafka } from './kafka-cluster.ts'
import { ownCluster } from './own-cluster.ts'

jest.setTimeout(60_000)

describeOnKafka('the log on three brokers', () => {
  const cluster = ownCluster(19092)

  logConformance({
    empty: () => freshTopics(cluster().addresses),
    open: () => openKafka(cluster().addresses),
    writer: join(import.meta.dirname, 'kafka-writer.ts'),
    argument: () => cluster().addresses,
  })
})
