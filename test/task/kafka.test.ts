// `npm run task` reads an event from a cluster without touching the groups of the tasks.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { toKeyedMessage } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionValidated, validated } from '#kafka/events.ts'
import type { KafkaLog } from '#kafka/log/kafka/log.ts'
import { eventOf } from '#kit/events.fixture.ts'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { openKafka, sharedCluster } from '../log/kafka-cluster.ts'
import { describeOnKafka } from '../on-kafka.ts'
import { until } from '../until.ts'
import { runTaskCommand } from './run.ts'

jest.setTimeout(90_000)

describeOnKafka('npm run task on a cluster', () => {
  let cluster: Cluster
  let log: KafkaLog
  let admin: Admin
  beforeAll(async () => {
    cluster = await sharedCluster()
    admin = new Kafka({ brokers: [cluster.addresses], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    log = await openKafka(cluster.addresses)
  }, 120_000)
  afterAll(async () => {
    await log?.close()
    await admin?.disconnect()
  }, 60_000)

  /** All groups with their state and members, and the committed offsets of each. */
  async function groups() {
    const ids = (await admin.listGroups()).groups.map(({ groupId }) => groupId).toSorted()
    const described = (await admin.describeGroups(ids)).groups
    const offsets = await Promise.all(ids.map((groupId) => admin.fetchOffsets({ groupId })))
    return described.map(({ groupId, state, members }, index) => ({
      groupId,
      state,
      members: members.map(({ memberId }) => memberId),
      offsets: offsets[index],
    }))
  }

  test('the event is found, and groups, members and offsets are the same before and after', async () => {
    const answers = { item1: 'you bastard', item2: 'b' }
    for (const n of [1, 2, 3]) {
      const attributes = { id: `s-${n}.validation.0`, subject: `s-${n}` }
      const event = eventOf(submissionValidated({ version: 'v', answers }), attributes)
      await log.append(validated.name, toKeyedMessage(event as FormEvent))
    }
    // As the running task: it has read two of the events, and the third is in flight.
    const open = Promise.withResolvers<void>()
    let handled = 0
    const consumer = await log.consume({
      topic: validated.name,
      group: 'slang',
      from: 'earliest',
      inFlight: 10,
      handle: async ({ headers }) => {
        if (headers['ce-subject'] === 's-3') await open.promise
        handled += 1
      },
    })
    await until(() => handled === 2)
    await until(async () => (await consumer.lag()) === 1)
    const committed = async () => {
      const offsets = (await groups()).flatMap((one) => one.offsets ?? [])
      const all = offsets.flatMap(({ partitions }) => partitions)
      return all.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)
    }
    await until(async () => (await committed()) === 2)
    const before = await groups()
    const environment = { KAFKA_BROKERS: cluster.addresses, DATA_DIR: '/nonexistent' }
    const ran = await runTaskCommand(environment, 'slang', '--event', 's-3', '--dry')
    expect([ran.code, JSON.parse(ran.stdout).id]).toEqual([0, 's-3.validation.0.slang.0'])
    expect(await groups()).toEqual(before)
    open.resolve()
    await consumer.close()
  })
})
