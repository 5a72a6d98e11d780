// The conformance suite of the log on three brokers.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, jest } from '@jest/globals'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { describeOnKafka } from '../on-kafka.ts'
import { logConformance } from './conformance.ts'
import { freshTopics, openKafka, testCluster } from './kafka-cluster.ts'

jest.setTimeout(60_000)

let folder: string
let cluster: Cluster

describeOnKafka('the log on three brokers', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-three-brokers-'))
    cluster = testCluster(folder)
    await cluster.start()
  }, 180_000)
  afterAll(async () => {
    await cluster.stop()
    await rm(folder, { recursive: true })
  }, 60_000)

  logConformance({
    empty: () => freshTopics(cluster.addresses),
    open: () => openKafka(cluster.addresses),
    writer: join(import.meta.dirname, 'kafka-writer.ts'),
    argument: () => cluster.addresses,
  })
})
