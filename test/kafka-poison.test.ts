// Unusable records between good ones on the topic of submissions, and a record that is too large for the topic.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import kafkajs, { Kafka, logLevel, type Message } from 'kafkajs'
import { deadLetter, validated } from '#kafka/events.ts'
import { LogUnavailable } from '#kafka/log/port.ts'
import type { Cluster } from '../local/kafka/cluster.ts'
import { readRows } from '../scripts/load/sheet.ts'
import { type Running, startInstance } from './instance.ts'
import { openKafka, sharedCluster } from './log/kafka-cluster.ts'
import { makeSubmission, topic } from './log/submission.fixture.ts'
import { describeOnKafka } from './on-kafka.ts'
import { event } from './unreadable-records.ts'
import { until } from './until.ts'

jest.setTimeout(60_000)

let folder: string
let cluster: Cluster
let kafka: Kafka
let instance: Running | undefined

const answers = (item1: string) => JSON.stringify({ answers: { item1, item2: 'x' } })

/** Unusable records, with the reason expected in their dead letters. */
const bad: [title: string, message: Message, reason: RegExp][] = [
  [
    'text',
    { value: 'not JSON', headers: { form: 'demo' } },
    /^422 .+Expected a JSON object as the body/,
  ],
  [
    'bytes',
    { value: Buffer.concat([randomBytes(300), Buffer.of(0xff)]), headers: { form: 'demo' } },
    /^400 .+Expected the body as UTF-8/,
  ],
  ['an empty value', { value: '', headers: { form: 'demo' } }, /^422 .+Expected a JSON object/],
  ['a tombstone', { key: 'k', value: null }, /^422 .+Expected a JSON object/],
  ['a list', { value: '[1]' }, /^422 .+Expected a JSON object/],
  ['no form', { value: '{"item1":"a"}' }, /^422 .+header \\"form\\" or a member \\"form\\"/],
  [
    'odd headers',
    { value: '{', headers: { '\u0000é€': randomBytes(20), '': 'x' } },
    /^422 .+JSON object/,
  ],
  ['half an event', { value: '{', headers: { ce_id: '1', ce_type: 'x' } }, /^422 .+JSON object/],
  [
    'data that is no JSON',
    { value: '{', headers: event('bad-1').headers },
    /^400 .+in JSON at position/,
  ],
  [
    'data of another shape',
    { value: '{"answers":1}', headers: event('bad-2').headers },
    /^422 .+Expected the data/,
  ],
  [
    'another version',
    { value: '{}', headers: event('bad-3', { ce_specversion: '9' }).headers },
    /^400 .+specversion/,
  ],
  [
    'bytes as a time',
    { value: answers('a'), headers: event('bad-4', { ce_time: randomBytes(9) }).headers },
    /^400 .+valid CloudEvent 1\.0"/,
  ],
]

describeOnKafka('records of any producer', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'formstream-poison-'))
    cluster = await sharedCluster()
    kafka = new Kafka({ brokers: [cluster.addresses], logLevel: logLevel.NOTHING })
  }, 120_000)
  afterAll(async () => {
    await instance?.stop()
    rmSync(folder, { recursive: true })
  }, 60_000)

  test('good records become rows, and each bad one becomes a dead letter with a reason, all in one partition', async () => {
    const good: [item: string, message: Message][] = bad.flatMap((_, n) => [
      [`event ${n}`, { ...event(`good ${n}`), value: answers(`event ${n}`) }],
      [`plain ${n}`, { value: JSON.stringify({ form: 'demo', item1: `plain ${n}`, item2: 'x' }) }],
    ])
    const mixed = good.flatMap(([, message], n) => [message, ...(bad[n] ? [bad[n][1]] : [])])
    const producer = kafka.producer({ createPartitioner: () => () => 0 })
    await producer.connect()
    for (const message of mixed) await producer.send({ topic, messages: [message] })
    await producer.disconnect()

    instance = await startInstance(join(folder, 'data'), { KAFKA_BROKERS: cluster.addresses })
    const wanted = new Set(good.map(([item]) => item))
    await until(async () => {
      const rows = await readRows(instance?.sheets as string, 'demo', 'Responses').catch(() => [])
      const items = new Set(rows.map((row) => row.item1 ?? row['Item 1']))
      return [...wanted].every((item) => items.has(item))
    })

    const letters: { id: string; reason: string }[] = []
    const log = await openKafka(cluster.addresses)
    await log.consume({
      topic: deadLetter.name,
      from: 'earliest',
      inFlight: 100,
      handle: async ({ headers }) => {
        const reason = Buffer.from(headers['ce-knativeerrordata'] ?? '', 'base64').toString()
        const code = headers['ce-knativeerrorcode']
        letters.push({ id: headers['ce-id'] ?? '', reason: `${code} ${reason}` })
      },
    })
    await until(async () => letters.length >= bad.length)
    for (const [title, , reason] of bad) {
      const found = letters.filter((letter) => reason.test(letter.reason))
      expect([title, found.length > 0]).toEqual([title, true])
    }
    expect(new Set(letters.map(({ id }) => id)).size).toBe(bad.length)
    expect(letters).toHaveLength(bad.length)
    await log.close()
    expect(await instance.stop()).toBe(0)
  })

  test('if one record of a batch is too large for the topic, only its append fails, at once', async () => {
    // The events keep their order by key there.
    const topic = validated.name
    const admin = kafka.admin()
    await admin.connect()
    const configEntries = [{ name: 'max.message.bytes', value: '10000' }]
    const small = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }
    await admin.alterConfigs({ validateOnly: false, resources: [small] })
    await admin.disconnect()
    const log = await openKafka(cluster.addresses)
    const large = makeSubmission('x'.repeat(20_000), 'one key')
    // The setting takes effect a moment later.
    const refused = await until(() =>
      log.append(topic, large).then(
        () => undefined,
        (error) => error,
      ),
    )
    expect(refused).not.toBeInstanceOf(LogUnavailable)
    expect(refused.message).toMatch(
      /^Expected a batch within the limit of the topic forms\.validated, found 2\d{4} bytes in 1 records$/,
    )

    const events = Array.from({ length: 40 }, (_, n) => makeSubmission(`small-${n}`, 'one key'))
    const since = performance.now()
    const settled = await Promise.allSettled(
      events.toSpliced(20, 0, large).map((one) => log.append(topic, one)),
    )
    expect(performance.now() - since).toBeLessThan(20_000)
    expect(settled.map(({ status }) => status).indexOf('rejected')).toBe(20)
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(log.ready()).toBe(true)
    const stored: string[] = []
    await log.consume({
      topic,
      from: 'earliest',
      inFlight: 100,
      handle: async ({ headers }) => {
        if (headers['ce-id']?.startsWith('small')) stored.push(headers['ce-id'])
      },
    })
    await until(async () => stored.length >= events.length)
    expect(stored).toEqual(events.map(({ headers }) => headers['ce-id']))
    await log.close()
  })
})
