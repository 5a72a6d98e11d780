// The programs in kafka/examples read and write the same topics as the product; and plain JSON records are submissions.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { Kafka, logLevel, type Message, type Producer } from 'kafkajs'
import { fromMessage, toKeyedMessage } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import type { KafkaLog } from '#kafka/log/kafka/log.ts'
import type { Task } from '#kit/define-task.ts'
import { deliver } from '#kit/deliver.ts'
import { demoForm, silent, submittedEvent } from '#kit/events.fixture.ts'
import { buildServer } from '#kit/serve.ts'
import validation from '../functions/validation/task.ts'
import type { Cluster } from '../local/kafka/cluster.ts'
import { canRun, consume, type Language, produce } from './example-programs.ts'
import { openKafka, sharedCluster } from './log/kafka-cluster.ts'

jest.setTimeout(60_000)

const topic = submissionSubmitted.topic.name

let cluster: Cluster
let log: KafkaLog
let producer: Producer

beforeAll(async () => {
  cluster = await sharedCluster()
  log = await openKafka(cluster.addresses)
  const kafka = new Kafka({ brokers: [cluster.addresses], logLevel: logLevel.NOTHING })
  producer = kafka.producer()
  await producer.connect()
}, 120_000)
afterAll(async () => {
  await producer.disconnect()
  await log.close()
}, 60_000)

const languages: Language[] = ['Node', 'Python']
const testWith = (...used: Language[]) => (used.every(canRun) ? test : test.skip)

const items = ['ü "नमस्ते" 😀', '100 %']
const lineOf = (id: string, subject: string, answers: object) =>
  `{"id":"${id}","type":"${submissionSubmitted.type}","form":"demo","subject":"${subject}","data":${JSON.stringify({ answers })}}`

const read = (language: Language, group: string, until: string) =>
  consume(language, cluster.addresses, { topic, group, until })

for (const writer of languages) {
  for (const reader of languages) {
    const group = `${writer} to ${reader}`
    testWith(writer, reader)(
      `${group}: an event is read as it was written, and its offset is committed`,
      async () => {
        const [item1, item2] = items as [string, string]
        const first = await produce(writer, cluster.addresses, item1, item2)
        const line = lineOf(first, first, { item1, item2 })
        expect(await read(reader, group, first)).toContain(line)
        const second = await produce(writer, cluster.addresses, item2, item1)
        const later = await read(reader, group, second)
        expect(later).toContain(lineOf(second, second, { item1: item2, item2: item1 }))
        expect(later).not.toContain(line)
      },
    )
  }
}

for (const reader of languages) {
  const title = `${reader} reads events of the product, and skips records that are not events`
  testWith(reader)(title, async () => {
    const id = `to ${reader}`
    for (const value of ['{"form":', null]) {
      await producer.send({ topic, messages: [{ key: id, value }] })
    }
    const event = { ...submittedEvent({ id, subject: 'ü 100 %' }), partitionkey: id }
    await log.append(topic, toKeyedMessage(event))
    const lines = await read(reader, id, id)
    expect(lines).toContain(lineOf(id, 'ü 100 %', { item1: 'a' }))
  })
}

/** Produces the records with one key, and delivers each twice to the validation task. */
async function validate(key: string, records: Message[]) {
  const published: FormEvent[] = []
  const publish = async (event: FormEvent) => void published.push(event)
  const runtime = { forms: { get: () => demoForm() }, clients: {}, publish, log: silent }
  const task = validation as unknown as Task
  const app = buildServer({
    deliver: (event) => deliver(task, event, runtime),
    ready: () => true,
    log: silent,
  })
  await producer.send({ topic, messages: records.map((record) => ({ ...record, key })) })
  const statuses: number[] = []
  const all = Promise.withResolvers<void>()
  const consumer = await log.consume({
    topic,
    group: key,
    from: 'earliest',
    inFlight: 1,
    async handle({ headers, body }) {
      if (fromMessage(headers, body).key !== key) return
      for (let delivery = 0; delivery < 2; delivery++) {
        const request = { method: 'POST', url: '/', headers, payload: body } as const
        statuses.push((await app.inject(request)).statusCode)
      }
      if (statuses.length === 2 * records.length) all.resolve()
    },
  })
  await all.promise
  await consumer.close()
  await app.close()
  return { statuses, published }
}

test.each<[where: string, Message]>([
  ['its body', { value: '{"form":"demo","item1":" ü ","item2":"b"}' }],
  ['a header', { value: '{"item1":" ü ","item2":"b"}', headers: { form: 'demo' } }],
  [
    'its body, with its type',
    {
      value: '{"form":"demo","item1":" ü ","item2":"b"}',
      headers: { 'content-type': 'application/json' },
    },
  ],
])(
  'plain JSON that names its form in %s is a submission, with the same event if delivered twice',
  async (where, record) => {
    const { statuses, published } = await validate(where, [record])
    expect(statuses).toEqual([204, 204])
    expect(published[0]).toMatchObject({
      type: 'formstream.submission.validated',
      form: 'demo',
      subject: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/),
      data: { answers: { item1: 'ü', item2: 'b' } },
    })
    expect(published[1]).toEqual(published[0])
  },
)

test('other records are rejected, and the same record produced twice gives two submissions', async () => {
  const record = { value: '{"form":"demo","item1":"a","item2":"b"}' }
  const none = [{ value: null }, { value: '{"item1":"a"}' }, { value: '{' }]
  const { statuses, published } = await validate('mixed', [record, ...none, record])
  expect(statuses).toEqual([204, 204, ...Array(6).fill(422), 204, 204])
  expect(new Set(published.map(({ subject }) => subject)).size).toBe(2)
})
