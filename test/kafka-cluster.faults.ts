// The local Kafka stops in every state.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Cluster } from '../local/kafka/cluster.ts'
import { testCluster } from './log/kafka-cluster.ts'
import { describeOnKafka } from './on-kafka.ts'

let folder: string
let cluster: Cluster

describeOnKafka('three brokers', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-kafka-'))
    cluster = testCluster(folder, { port: 21892 })
    await cluster.start()
  }, 120_000)
  afterAll(async () => {
    await cluster.stop()
    await rm(folder, { recursive: true })
  }, 60_000)

  test('a broker stops although no controller answers it any more', async () => {
    await Promise.all([1, 2].map((id) => cluster.broker(id).signal('SIGKILL')))
    await cluster.stop()
    expect(cluster.brokers.map(({ pid }) => pid)).toEqual([undefined, undefined, undefined])
  }, 60_000)
})
