import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { testCluster } from './kafka-cluster.ts'

/** Three brokers for the tests of one `describe`, which may stop them. `port`: of the first one. Returns the cluster once it has started. */
export function ownCluster(port: number): () => Cluster {
  let folder: string
  let cluster: Cluster
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'formstream-three-brokers-'))
    cluster = testCluster(folder, { port })
    await cluster.start()
  }, 180_000)
  afterAll(async () => {
    await cluster.stop()
    await rm(folder, { recursive: true })
  }, 60_000)
  return () => cluster
}
