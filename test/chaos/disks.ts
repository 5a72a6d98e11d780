// Both in-sync replicas lose their disks while the third is behind, which killed processes cannot show. With
// min.insync.replicas=2 acknowledged events are lost; with 3 nothing is acknowledged while a replica is behind.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import kafkajs, { type Admin, Kafka, logLevel } from 'kafkajs'
import type { Broker } from '../../local/kafka/broker.ts'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { freshTopics, openKafka } from '../log/kafka-cluster.ts'
import { makeSubmission, topic } from '../log/submission.fixture.ts'
import { idsOn } from './appends.ts'

const events = 1000

/** Returns the number of events lost with min.insync.replicas=3. Expected: 0. */
export async function disks(cluster: Cluster): Promise<number> {
  let lost = 0
  for (const minIsr of [2, 3]) {
    await freshTopics(cluster.addresses)
    await setMinIsr(cluster, minIsr)
    const before = await append(cluster, 'before', events)
    // Frozen, not killed: a killed replica could not become leader.
    await cluster.broker(3).signal('SIGSTOP')
    await outOfSync(cluster)
    const behind = await append(cluster, 'behind', events)
    await Promise.all([1, 2].map((id) => cluster.broker(id).signal('SIGKILL')))
    for (const id of [1, 2]) loseTopic(cluster.broker(id))
    await cluster.broker(3).signal('SIGCONT')
    await cluster.start()
    const stored = await idsOn(cluster.addresses, topic)
    const acknowledged = [...before, ...behind]
    lost = acknowledged.filter((id) => !stored.has(id)).length
    console.log(
      `  min.insync.replicas=${minIsr}: acknowledged with all in sync ${before.length} of ${events}, ` +
        `with one replica behind ${behind.length} of ${events}, lost with both disks ${lost}`,
    )
  }
  return lost
}

/** Returns the acknowledged ids. */
async function append(cluster: Cluster, name: string, count: number): Promise<string[]> {
  const log = await openKafka(cluster.addresses, { deadline: 5000 })
  const ids = Array.from({ length: count }, (_, n) => `${name}-${n}`)
  const outcomes = await Promise.allSettled(ids.map((id) => log.append(topic, makeSubmission(id))))
  // Not awaited: close waits for pending appends, which retry until a broker responds.
  void log.close().catch(process.emitWarning)
  return ids.filter((_, n) => outcomes[n]?.status === 'fulfilled')
}

const setMinIsr = (cluster: Cluster, minIsr: number): Promise<void> =>
  asAdmin(cluster, async (admin) => {
    const configEntries = [
      { name: 'min.insync.replicas', value: String(minIsr) },
      { name: 'unclean.leader.election.enable', value: 'false' },
    ]
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }]
    await admin.alterConfigs({ validateOnly: false, resources })
  })

const outOfSync = (cluster: Cluster): Promise<void> =>
  asAdmin(cluster, async (admin) => {
    for (;;) {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      const partitions = topics[0]?.partitions ?? []
      if (partitions.length > 0 && partitions.every(({ isr }) => !isr.includes(3))) return
      await delay(200)
    }
  })

async function asAdmin(cluster: Cluster, work: (admin: Admin) => Promise<void>): Promise<void> {
  const brokers = cluster.addresses.split(',')
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await work(admin)
  await admin.disconnect()
}

function loseTopic({ data }: Broker): void {
  const folders = readdirSync(data).filter((name) => name.startsWith(`${topic}-`))
  for (const folder of folders) rmSync(join(data, folder), { recursive: true })
}
