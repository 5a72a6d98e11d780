// The spool in front of three brokers that stop under load. The topic has one partition, so its order is that of acceptance.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { Kafka, logLevel } from 'kafkajs'
import type { Topic } from '#kafka/define-event.ts'
import { submitted } from '#kafka/events.ts'
import { SpoolingLog } from '#kafka/log/spool/spooling-log.ts'
import { orderOf } from '../chaos/spool-order.ts'
import { describeOnKafka } from '../on-kafka.ts'
import { until } from '../until.ts'
import { openKafka } from './kafka-cluster.ts'
import { ownCluster } from './own-cluster.ts'
import { makeSubmission } from './submission.fixture.ts'

const onePartition: Topic = { ...submitted, partitions: 1 }
const { name: topic } = onePartition

/** `callers` append until `ended`. Nothing is refused, so every event is accepted. */
async function appendUntil(log: SpoolingLog, ended: () => boolean) {
  const accepted = new Map<string, { began: number; accepted: number }>()
  let [sent, step] = [0, 0]
  const caller = async () => {
    while (!ended()) {
      const id = String(sent++)
      const began = step++
      await log.append(topic, makeSubmission(id))
      accepted.set(id, { began, accepted: step++ })
      await delay(20)
    }
  }
  await Promise.all(Array.from({ length: 50 }, caller))
  return accepted
}

describeOnKafka('the spool before three brokers', () => {
  const cluster = ownCluster(21692)

  async function withSpool(work: (log: SpoolingLog) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'formstream-spool-'))
    const target = await openKafka(cluster().addresses, { topics: [onePartition] })
    const log = await SpoolingLog.open({ folder, topic, target, maxBytes: 2 ** 30 })
    try {
      await work(log)
    } finally {
      await log.close()
      await rm(folder, { recursive: true })
    }
  }

  async function makeTopic(): Promise<void> {
    const brokers = cluster().addresses.split(',')
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    if ((await admin.listTopics()).includes(topic)) await admin.deleteTopics({ topics: [topic] })
    while ((await admin.listTopics()).includes(topic)) await delay(200)
    const minInSync = { name: 'min.insync.replicas', value: '2' }
    const layout = { topic, numPartitions: 1, replicationFactor: 3, configEntries: [minInSync] }
    await admin.createTopics({ topics: [layout], waitForLeaders: true })
    await admin.disconnect()
  }

  const stopped = async () => {
    await cluster().stop()
    await delay(5000)
    await cluster().start()
  }
  const frozen = async () => {
    await Promise.all(cluster().brokers.map((broker) => broker.signal('SIGSTOP')))
    await delay(15_000)
    await Promise.all(cluster().brokers.map((broker) => broker.signal('SIGCONT')))
  }

  test.each([
    ['stopped', stopped],
    ['frozen', frozen],
  ])(
    'brokers %s under load: every event is accepted, and on the topic in the order of acceptance',
    async (_name, fault) => {
      await makeTopic()
      await withSpool(async (log) => {
        let over = false
        const appending = appendUntil(log, () => over)
        await delay(2000)
        await fault()
        await until(() => log.status().since === undefined)
        await delay(1000)
        over = true
        const accepted = await appending
        const { spooled, forwarded } = log.status()
        const reader = await openKafka(cluster().addresses, { topics: [onePartition] })
        const { stored, repeated, overtaken } = await orderOf(reader, accepted)
        await reader.close()
        const counts = { accepted: accepted.size, spooled, forwarded, stored, repeated, overtaken }
        console.log(counts)
        expect(spooled).toBeGreaterThan(0)
        expect(spooled).toBeLessThan(accepted.size)
        expect(counts).toMatchObject({ forwarded: spooled, stored: accepted.size, overtaken: 0 })
      })
    },
    180_000,
  )
})
