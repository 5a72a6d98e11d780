import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import kafkajs, { type Admin, Kafka, logLevel, type PartitionAssigner } from 'kafkajs'
import type { KafkaLog } from '#kafka/log/kafka/log.ts'
import { unreadableBatch } from '#kafka/log/kafka/unreadable-batch.ts'
import type { LogRecord } from '#kafka/log/port.ts'
import type { Cluster } from '../local/kafka/cluster.ts'
import { openKafka, sharedCluster } from './log/kafka-cluster.ts'
import { makeSubmission } from './log/submission.fixture.ts'
import { describeOnKafka } from './on-kafka.ts'
import { until } from './until.ts'

jest.setTimeout(90_000)

const { AssignerProtocol, PartitionAssigners } = kafkajs
const { GZIP } = kafkajs.CompressionTypes

let cluster: Cluster
let kafka: Kafka
let admin: Admin

describeOnKafka('consumer groups of other programs', () => {
  let log: KafkaLog
  const topic = 'forms.recorded'

  beforeAll(async () => {
    cluster = await sharedCluster()
    kafka = new Kafka({ brokers: [cluster.addresses], logLevel: logLevel.NOTHING })
    admin = kafka.admin()
    await admin.connect()
    log = await openKafka(cluster.addresses)
  }, 120_000)
  afterAll(async () => {
    await log?.close()
    await admin?.disconnect()
  }, 60_000)

  /** Joins a group as another program would, with an assigner that kafkajs does not have. */
  async function joinAsOther(groupId: string) {
    const assigner: PartitionAssigner = (config) => ({
      ...PartitionAssigners.roundRobin(config),
      name: 'foreign',
      protocol: ({ topics: read }) => ({
        name: 'foreign',
        metadata: AssignerProtocol.MemberMetadata.encode({
          version: 0,
          topics: read,
          userData: Buffer.alloc(0),
        }),
      }),
    })
    const client = new Kafka({
      clientId: 'somebody',
      brokers: [cluster.addresses],
      logLevel: logLevel.NOTHING,
    })
    const consumer = client.consumer({ groupId, partitionAssigners: [assigner] })
    await consumer.connect()
    await consumer.subscribe({ topics: [topic] })
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
    await consumer.run({ eachMessage: async () => {} })
    await joined
    return consumer
  }

  const reading = (group: string) => ({ topic, group, from: 'earliest' as const, inFlight: 10 })

  test.each([
    ['the group', 'formstream.taken', 'taken'],
    ['the group without the prefix', 'beside', 'beside'],
  ])(
    'while another program uses %s, the reason is reported within seconds; then reading continues',
    async (_, groupId, group) => {
      const other = await joinAsOther(groupId)
      const since = performance.now()
      await expect(log.consume({ ...reading(group), handle: async () => {} })).rejects.toThrow(
        new RegExp(
          `^Cannot read the topic forms.recorded from Kafka: the group ${groupId} has members of another program`,
        ),
      )
      const problems: (string | undefined)[] = []
      const handled = Promise.withResolvers<void>()
      const consumer = await log.consume({
        ...reading(group),
        handle: async () => handled.resolve(),
        onProblem: (problem) => problems.push(problem),
      })
      expect(performance.now() - since).toBeLessThan(20_000)
      expect(problems[0]).toMatch(/another program/)
      await other.disconnect()
      await log.append(topic, makeSubmission(`for ${group}`))
      await handled.promise
      expect(problems.at(-1)).toBeUndefined()
      await consumer.close()
    },
  )

  test('the offsets of a group without the prefix are taken over once', async () => {
    for (const id of ['a', 'b', 'c'])
      await log.append('forms.analyzed', makeSubmission(id, 'one key'))
    const [written] = (await admin.fetchTopicOffsets('forms.analyzed')).filter(
      ({ offset }) => offset === '3',
    )
    const { partition } = written!
    const partitions = [{ partition, offset: '2' }]
    await admin.setOffsets({ groupId: 'older', topic: 'forms.analyzed', partitions })
    const take = async () => {
      const ids: (string | undefined)[] = []
      const consumer = await log.consume({
        ...reading('older'),
        topic: 'forms.analyzed',
        handle: async ({ headers }) => void ids.push(headers['ce-id']),
      })
      await until(async () => (await consumer.lag()) === 0)
      await consumer.close()
      return ids
    }
    expect(await take()).toEqual(['c'])
    await admin.setOffsets({ groupId: 'older', topic: 'forms.analyzed', partitions })
    expect(await take()).toEqual([])
  })

  test('each record of a batch that cannot be decompressed is delivered with the reason, in its order', async () => {
    const name = 'forms.validated'
    const producer = kafka.producer({ createPartitioner: () => () => 0 })
    await producer.connect()
    const send = (values: string[], compression = kafkajs.CompressionTypes.None) =>
      producer.send({ topic: name, compression, messages: values.map((value) => ({ value })) })
    await send(['before'])
    const packed = Array.from({ length: 300 }, (_, n) => `packed ${n}`)
    await send(packed, GZIP)
    await send(['behind'])
    await producer.disconnect()
    const codecs = kafkajs.CompressionCodecs
    const own = Object.getOwnPropertyDescriptor(codecs, GZIP)!
    const broken = { decompress: async () => unreadableBatch('it is damaged') }
    Object.defineProperty(codecs, GZIP, {
      get: () => () => broken,
      set: () => {},
      configurable: true,
    })
    const handled: LogRecord[] = []
    try {
      const handle = async (record: LogRecord) => void handled.push(record)
      const consumer = await log.consume({ ...reading('tolerant'), topic: name, handle })
      await until(async () => handled.length >= 302)
      await until(async () => (await consumer.lag()) === 0)
      await consumer.close()
    } finally {
      Object.defineProperty(codecs, GZIP, own)
    }
    expect(handled.map(({ offset }) => offset)).toEqual(Array.from({ length: 302 }, (_, n) => n))
    expect([handled[0]?.body, handled[301]?.body]).toEqual(['before', 'behind'])
    for (const { headers, body } of handled.slice(1, 301)) {
      expect([headers['ce-kafkaheaderunreadable'], body]).toEqual(['it%20is%20damaged', ''])
    }
  })
})
