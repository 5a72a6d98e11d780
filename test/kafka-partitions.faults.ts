// Partitions are added and topics recreated while a process writes and reads. Clients learn of it within half a minute.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import type { KafkaLog } from '#kafka/log/kafka/log.ts'
import { openKafka, sharedCluster } from './log/kafka-cluster.ts'
import { makeSubmission } from './log/submission.fixture.ts'
import { describeOnKafka } from './on-kafka.ts'
import { until } from './until.ts'

jest.setTimeout(120_000)

describeOnKafka('changing partitions', () => {
  const topic = 'forms.recorded'
  let admin: Admin
  let log: KafkaLog

  beforeAll(async () => {
    const { addresses } = await sharedCluster()
    admin = new Kafka({ brokers: [addresses], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    log = await openKafka(addresses)
  }, 120_000)
  afterAll(async () => {
    await log?.close()
    await admin?.disconnect()
  }, 60_000)

  test('added partitions are written and read, and appends continue after a topic has fewer partitions', async () => {
    const ids = new Set<string>()
    const partitions = new Set<number>()
    await log.consume({
      topic,
      group: 'growing',
      from: 'earliest',
      inFlight: 10,
      handle: async ({ headers, partition }) => {
        ids.add(headers['ce-id'] ?? '')
        partitions.add(partition)
      },
    })
    await admin.createPartitions({ topicPartitions: [{ topic, count: 12 }] })
    await until(async () => {
      await Promise.all(
        Array.from({ length: 50 }, () => log.append(topic, makeSubmission(randomUUID()))),
      )
      return partitions.size === 12
    })

    const other = 'forms.analyzed'
    await admin.deleteTopics({ topics: [other] })
    await until(async () => !(await admin.listTopics()).includes(other))
    await admin.createTopics({ topics: [{ topic: other, numPartitions: 2 }] })
    const appendAll = () =>
      Promise.all(Array.from({ length: 50 }, () => log.append(other, makeSubmission(randomUUID()))))
    await until(() => appendAll().catch(() => undefined))
    expect((await appendAll()).length).toBe(50)
  })
})
