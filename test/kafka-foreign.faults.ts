// Other programs on the cluster must not stop a task: malformed records on each topic, compressed batches, transactions, and
// changed topic settings, while people submit.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import kafkajs, { type Admin, Kafka, logLevel, type Message } from 'kafkajs'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { registerCodecs } from '#kafka/log/kafka/codecs.ts'
import { diffTopics } from '#kafka/topics/diff-topics.ts'
import { planTopic } from '#kafka/topics/plan.ts'
import type { Cluster } from '../local/kafka/cluster.ts'
import { readRows, waitForRows } from '../scripts/load/sheet.ts'
import { student } from '../scripts/load/students.ts'
import { submitAll } from '../scripts/load/submit.ts'
import { command } from './command.ts'
import { type Running, startInstance } from './instance.ts'
import { sharedCluster } from './log/kafka-cluster.ts'
import { type Outcome, oddRecords, typed } from './odd-records.ts'
import { describeOnKafka } from './on-kafka.ts'
import { until } from './until.ts'

jest.setTimeout(280_000)

const topics = topicsOf(declared)
const { LZ4, Snappy, ZSTD, GZIP } = kafkajs.CompressionTypes

const unreadable = 'formstream.record.unreadable'

let folder: string
let cluster: Cluster
let kafka: Kafka
let admin: Admin
let instance: Running
/** Dead letters of the first test: `<task> <topic>/<partition>/<offset>` to id. */
const found = new Map<string, string>()

/** Sets `more` in addition to the declared settings of a topic. */
async function setTopic(name: string, more: Record<string, string>): Promise<void> {
  const topic = topics.find((one) => one.name === name)!
  const config = { ...planTopic(topic, 1).config, ...more }
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }))
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }]
  await admin.alterConfigs({ validateOnly: false, resources })
}

/** Sends each odd record to all topics. Returns their positions on the two topics that tasks read, with the expected outcomes. */
async function sendOdd(): Promise<{ position: string; title: string; outcome: Outcome }[]> {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const send = async (topic: string, message: Message) => {
    const [metadata] = await producer.send({ topic, messages: [message] })
    return `${topic}/${metadata?.partition}/${metadata?.baseOffset}`
  }
  const sent = []
  for (const record of oddRecords) {
    const of = (fact: string) => typed(record, `formstream.submission.${fact}`)
    const { title, expected } = record
    const submitted = await send('forms.submitted', of('submitted'))
    const validated = await send('forms.validated', of('validated'))
    sent.push({ position: submitted, title, outcome: expected.submitted })
    sent.push({ position: validated, title, outcome: expected.validated })
    for (const other of ['recorded', 'analyzed', 'dead-letter'])
      await send(`forms.${other}`, of(other))
  }
  await producer.disconnect()
  return sent
}

const packed = (name: string): Message[] =>
  Array.from({ length: 50 }, (_, n) => ({
    value: JSON.stringify({ form: 'demo', item1: `packed ${name} ${n}`, item2: 'x'.repeat(200) }),
  }))

/** Sends compressed batches with kafkajs and our codecs, and with librdkafka if kcat is installed. */
async function sendPacked(): Promise<string[]> {
  registerCodecs()
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const kinds = { gzip: GZIP, snappy: Snappy, lz4: LZ4, zstd: ZSTD }
  const sent: string[] = []
  const hasKcat = spawnSync('kcat', ['-V']).status === 0
  for (const [name, compression] of Object.entries(kinds)) {
    await producer.send({ topic: 'forms.submitted', compression, messages: packed(name) })
    sent.push(name)
    if (!hasKcat) continue
    const input = packed(`kcat ${name}`).map(({ value }) => value)
    const to = ['-P', '-b', cluster.addresses, '-t', 'forms.submitted', '-z', name]
    const kcat = spawnSync('kcat', [...to, '-X', 'linger.ms=200'], { input: input.join('\n') })
    if (kcat.status !== 0) throw new Error(kcat.stderr.toString())
    sent.push(`kcat ${name}`)
  }
  await producer.disconnect()
  return sent.flatMap((name) => Array.from({ length: 50 }, (_, n) => `packed ${name} ${n}`))
}

async function sendTransactions(): Promise<void> {
  const producer = kafka.producer({
    transactionalId: 'foreign',
    idempotent: true,
    maxInFlightRequests: 1,
  })
  await producer.connect()
  for (const end of ['abort', 'commit'] as const) {
    const transaction = await producer.transaction()
    const value = JSON.stringify({ form: 'demo', item1: `transaction ${end}`, item2: 'x' })
    await transaction.send({ topic: 'forms.submitted', messages: [{ value }] })
    await transaction[end]()
  }
  await producer.disconnect()
}

interface Letter {
  id: string
  task: string
  /** Position of the failed record: `<topic>/<partition>/<offset>`. */
  position: string
}

/** Calls `read` for each dead letter, until the returned function is called. Ignores other records of the topic. */
async function readLetters(read: (letter: Letter) => void): Promise<() => Promise<void>> {
  const consumer = kafka.consumer({ groupId: 'letters', maxWaitTimeInMs: 200 })
  await consumer.connect()
  await consumer.subscribe({ topics: [declared.deadLetter.name], fromBeginning: true })
  await consumer.run({
    async eachMessage({ message: { headers = {}, value } }) {
      const text = (name: string) => String(headers[name] ?? '')
      const task = /^http:\/\/([^.]+)\./.exec(text('ce_knativeerrordest'))?.[1]
      if (!task) return
      // The letter of a record that was unreadable or too large has the position in its data.
      const { record } = text('ce_type') === unreadable ? JSON.parse(String(value)) : {}
      const topic = task === 'validation' ? 'forms.submitted' : 'forms.validated'
      const partition = record?.partition ?? text('ce_knativekafkapartition')
      const offset = record?.offset ?? text('ce_knativekafkaoffset')
      read({ id: text('ce_id'), task, position: `${topic}/${partition}/${offset}` })
    },
  })
  return () => consumer.disconnect()
}

const demoItems = async (): Promise<string[]> =>
  (await readRows(instance.sheets as string, 'demo', 'Responses').catch(() => [])).map(
    (row) => row.item1 ?? row['Item 1'] ?? '',
  )

describeOnKafka('other programs on the cluster', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'formstream-foreign-'))
    cluster = await sharedCluster()
    kafka = new Kafka({ brokers: [cluster.addresses], logLevel: logLevel.NOTHING })
    admin = kafka.admin()
    await admin.connect()
    // Since Kafka 4 brokers refuse timestamps from the future by default; earlier versions accept them.
    const anyTimestamp = { 'message.timestamp.after.max.ms': '9223372036854775807' }
    for (const { name } of topics) await setTopic(name, anyTimestamp)
    instance = await startInstance(join(folder, 'data'), { KAFKA_BROKERS: cluster.addresses })
  }, 120_000)
  afterAll(async () => {
    await instance?.stop()
    await admin?.disconnect()
    rmSync(folder, { recursive: true })
  }, 60_000)

  test('2,000 submissions are written while more than 60 kinds of odd records arrive on each topic', async () => {
    expect(oddRecords.length).toBeGreaterThan(60)
    const close = await readLetters(({ task, position, id }) =>
      found.set(`${task} ${position}`, id),
    )
    const [result, odd, items] = await Promise.all([
      submitAll({
        url: `${instance.endpoint}/forms/student-data`,
        users: 20,
        requests: 100,
        answers: student,
      }),
      sendOdd(),
      sendTransactions().then(sendPacked),
    ])
    const read = async () =>
      (await readRows(instance.sheets as string, 'student-data', 'Responses')).map(({ id }) => id)
    const { rows, missing, duplicate } = await waitForRows(read, result.acknowledged, 60_000)
    const counts = { sent: result.sent, acknowledged: result.acknowledged.length, rows }
    console.log({ ...counts, missing, duplicate })
    expect({ ...counts, missing, duplicate }).toEqual({
      sent: 2000,
      acknowledged: 2000,
      rows: 2000,
      missing: 0,
      duplicate: 0,
    })

    // Those that the form lists: others skip its events before they look at the data.
    const readers = {
      'forms.submitted': ['validation'],
      'forms.validated': ['sheets', 'slang'],
    }
    const wanted = odd.flatMap(({ position, title, outcome }) =>
      Object.entries(readers)
        .filter(([topic]) => position.startsWith(`${topic}/`))
        .flatMap(([, tasks]) =>
          tasks.map((task) => ({ name: `${task} ${position}`, title, outcome })),
        ),
    )
    const lost = () =>
      wanted.filter(({ name, outcome }) => outcome === 'letter' && !found.has(name))
    const since = performance.now()
    while (lost().length > 0 && performance.now() - since < 60_000) await delay(200)
    await close()
    console.log({ kinds: oddRecords.length, odd: wanted.length, letters: found.size })
    expect(lost()).toEqual([])
    const refused = wanted.filter(({ name, outcome }) => outcome === 'accepted' && found.has(name))
    expect(refused).toEqual([])

    await until(async () => {
      const written = new Set(await demoItems())
      return items.every((item) => written.has(item))
    })
    expect(await demoItems()).toContain('transaction commit')
    expect(await demoItems()).not.toContain('transaction abort')
    expect((await fetch(`${instance.endpoint}/health/readiness`)).status).toBe(200)
  })

  test('a dry run of replay lists every dead letter, also unreadable ones', async () => {
    expect(found.size).toBeGreaterThan(180)
    const listed = await command(join(folder, 'data'), 'scripts/replay.ts', '--dry-run')
    const missing = [...found].filter(([, id]) => !listed.includes(id))
    expect(missing).toEqual([])
  })

  test('a record that is retried becomes a dead letter at once when it is skipped by hand', async () => {
    const producer = kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    const messages = [{ value: '{"form":"nobody at all"}' }]
    const [metadata] = await producer.send({ topic: 'forms.submitted', messages })
    await producer.disconnect()
    const { partition, baseOffset = '' } = metadata ?? {}
    const found = Promise.withResolvers<void>()
    const close = await readLetters(({ position }) => {
      if (position === `forms.submitted/${partition}/${baseOffset}`) found.resolve()
    })
    const skip = () =>
      command(
        join(folder, 'data'),
        'scripts/events.ts',
        'skip',
        'forms.submitted',
        `${partition}`,
        baseOffset,
      )
    // `skip` fails until the record has been delivered for the first time.
    expect(await until(() => skip().catch(() => undefined))).toMatch(
      /^validation +skipped; it is a dead letter\n$/,
    )
    await found.promise
    await close()
  })

  test('a topic that compresses its records is read, and diff reports the setting', async () => {
    for (const name of ['forms.submitted', 'forms.validated']) {
      await setTopic(name, { 'compression.type': 'zstd' })
    }
    const differs = await until(async () => {
      const changes = await diffTopics(admin, topics)
      return changes.length === 2 && changes.map(({ what }) => what)
    })
    expect(differs).toEqual(Array(2).fill('set compression.type: zstd to producer'))
    const url = `${instance.endpoint}/forms/student-data`
    const { acknowledged } = await submitAll({ url, users: 5, requests: 10, answers: student })
    const read = async () =>
      (await readRows(instance.sheets as string, 'student-data', 'Responses')).map(({ id }) => id)
    expect(acknowledged).toHaveLength(50)
    expect(await waitForRows(read, acknowledged, 30_000)).toMatchObject({
      missing: 0,
      duplicate: 0,
    })
  })
})
