// Three Kafka brokers for a bench.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshTopics, testCluster } from '../../test/log/kafka-cluster.ts'
import type { Processes } from './cpu.ts'

export interface Brokers {
  /** The value of KAFKA_BROKERS. */
  addresses: string
  processes: Processes
}

/** Brokers with empty topics, which are gone when `work` has ended. */
export async function withBrokers<Done>(work: (brokers: Brokers) => Promise<Done>): Promise<Done> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const cluster = testCluster(folder)
  try {
    await cluster.start()
    await freshTopics(cluster.addresses)
    const pids = cluster.brokers.map(({ id, pid }) => [`broker ${id}`, pid])
    return await work({ addresses: cluster.addresses, processes: Object.fromEntries(pids) })
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true })
  }
}
