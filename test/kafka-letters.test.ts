// On a real broker: topics are read to their end whatever is there, records that no task can use become dead letters, and a replay
// in a cluster joins no group, lists unreadable records and sends each letter once.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals'
import kafkajs, { Kafka, logLevel, type Message, type Producer } from 'kafkajs'
import type { KafkaLog } from '#kafka/log/kafka/log.ts'
import { Rejected } from '#kit/errors.ts'
import { silent } from '#kit/events.fixture.ts'
import { deliveryHandler } from '#kit/handle-delivery.ts'
import { buildServer } from '../functions/dead-letter/server.ts'
import { openSink } from '../functions/dead-letter/sink.ts'
import type { Cluster } from '../local/kafka/cluster.ts'
import { openReading } from '../local/knative/read-topic.ts'
import { type DeadLetter, toDeadLetter } from '../local/knative/replay/dead-letter.ts'
import { buildSink } from '../local/knative/sink.ts'
import { startSource } from '../local/knative/source/source.ts'
import { runScript } from './command.ts'
import { freshTopics, openKafka, sharedCluster } from './log/kafka-cluster.ts'
import { describeOnKafka } from './on-kafka.ts'
import { event, odd } from './unreadable-records.ts'

jest.setTimeout(60_000)

const topic = 'forms.submitted'

describeOnKafka('dead letters and the ends of topics', () => {
  let folder: string
  let cluster: Cluster
  let kafka: Kafka
  let log: KafkaLog
  const closing: (() => unknown)[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'formstream-letters-'))
    cluster = await sharedCluster()
    kafka = new Kafka({ brokers: [cluster.addresses], logLevel: logLevel.NOTHING })
  }, 120_000)
  afterAll(async () => {
    rmSync(folder, { recursive: true })
  }, 60_000)
  beforeEach(async () => {
    await freshTopics(cluster.addresses)
    log = await openKafka(cluster.addresses)
  })
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
    await log.close()
  })

  async function producer(transactionalId?: string): Promise<Producer> {
    const opened = kafka.producer({
      createPartitioner: () => () => 0,
      allowAutoTopicCreation: false,
      ...(transactionalId && { transactionalId, idempotent: true, maxInFlightRequests: 1 }),
    })
    await opened.connect()
    closing.push(() => opened.disconnect())
    return opened
  }

  const send = async (...messages: Message[]): Promise<void> => {
    const opened = await producer()
    for (const message of messages) await opened.send({ topic, messages: [message] })
  }

  async function inTransaction(end: 'commit' | 'abort' | 'leave', ...ids: string[]): Promise<void> {
    const opened = await producer(`t-${randomBytes(4).toString('hex')}`)
    const transaction = await opened.transaction()
    await transaction.send({ topic, messages: ids.map((id) => event(id)) })
    if (end === 'leave') closing.push(() => transaction.abort())
    else await transaction[end]()
  }

  /** Ids of all records of the topic, and the number of offsets that were read. */
  async function readAll(name = topic): Promise<{ total: number; ids: string[] }> {
    const { total, read, close } = await openReading(log, name)
    const ids: string[] = []
    await read(async ({ headers }) => void ids.push(headers['ce-id'] ?? ''))
    await close()
    return { total, ids }
  }

  /** Lag of the group as a new member sees it, after another member has handled all records. */
  async function lagOf(group: string): Promise<number> {
    const subscription = { topic, group, from: 'earliest', inFlight: 100 } as const
    const consumer = await log.consume({ ...subscription, handle: async () => {} })
    while ((await consumer.lag()) > 0) await delay(50)
    await consumer.close()
    const again = await log.consume({ ...subscription, handle: () => new Promise(() => {}) })
    const lag = await again.lag()
    closing.push(() => void again.close())
    return lag
  }

  const ends: [title: string, ids: string[], fill: () => Promise<void>][] = [
    ['the marker of a transaction', ['a', 'b'], () => inTransaction('commit', 'a', 'b')],
    [
      'an aborted transaction',
      ['a'],
      async () => {
        await send(event('a'))
        await inTransaction('abort', 'b', 'c')
      },
    ],
    ['nothing but an aborted transaction', [], () => inTransaction('abort', 'a')],
    [
      'a transaction that is open',
      ['a'],
      async () => {
        await send(event('a'))
        await inTransaction('leave', 'b')
        await send(event('c'))
      },
    ],
    [
      'transactions between records',
      ['a', 'b', 'c'],
      async () => {
        await inTransaction('commit', 'a')
        await inTransaction('abort', 'x')
        await send(event('b'))
        await inTransaction('commit', 'c')
      },
    ],
    [
      'records that were removed',
      ['b'],
      async () => {
        await send(event('a'), event('b'))
        await remove(1)
      },
    ],
    [
      'nothing, as all were removed',
      [],
      async () => {
        await send(event('a'), event('b'))
        await remove(2)
      },
    ],
    [
      'a transaction that was removed, and one that was aborted',
      [],
      async () => {
        await inTransaction('commit', 'a')
        await remove(2)
        await inTransaction('abort', 'b')
      },
    ],
  ]

  async function remove(offset: number): Promise<void> {
    const admin = kafka.admin()
    await admin.connect()
    // kafkajs deletes records only of topics whose metadata it has.
    await admin.fetchTopicOffsets(topic)
    const partitions = [{ partition: 0, offset: String(offset) }]
    await admin.deleteTopicRecords({ topic, partitions })
    await admin.disconnect()
  }

  test.each(ends)(
    'a topic that ends with %s is read to its end, and the lag becomes 0',
    async (...row) => {
      const [, ids, fill] = row
      await fill()
      const found = await readAll()
      expect(found.ids).toEqual(ids)
      expect(found.total).toBeGreaterThanOrEqual(ids.length)
      expect(await lagOf('g')).toBe(0)
    },
  )

  test('records deleted before a group read them do not count as lag', async () => {
    await send(event('a'))
    expect(await lagOf('behind')).toBe(0)
    for (const close of closing.splice(0).toReversed()) await close()
    await send(event('b'), event('c'))
    await remove(3)
    expect(await lagOf('behind')).toBe(0)
  })

  test('each record that a task rejects becomes a dead letter within the size limit of the topic', async () => {
    await limit('forms.dead-letter', 50_000)
    await send(...odd.map(([, message]) => message), event('good'))
    const handled = new Set<string>()
    const source = await startSource({
      task: 'slang',
      topics: [topic],
      log,
      rules: { retries: 1, delay: 10, timeout: 1000, inFlight: 10, open: 50 },
      logger: silent,
      async post(headers, body) {
        const deliver = async ({ id }: { id: string }) => {
          if (id !== 'good') throw new Rejected('not this one')
          handled.add(id)
        }
        const { status, body: answer = '' } = await deliveryHandler({ deliver, log: silent })(
          headers,
          body,
        )
        return { status, body: answer }
      },
    })
    while ((await source.lag()) > 0) await delay(50)
    await source.close()
    expect([...handled]).toEqual(['good'])
    const letters = await lettersIn()
    expect(letters.map(({ task }) => task)).toEqual(odd.map(() => 'slang'))
    for (const [title, , reason] of odd) {
      expect([
        title,
        letters.filter(({ unreadable = '' }) => reason.test(unreadable)).length > 0,
      ]).toEqual([title, true])
    }
    // A replay lists them, and never sends them.
    const listed = await replay()
    expect(listed).toMatch(new RegExp(`^${odd.length} unreadable$`, 'm'))
    expect(await replay('--discard', 'unreadable')).toMatch(/^9 discarded$/m)
    expect(await replay()).toBe('No dead letters\n')
  })

  async function limit(name: string, bytes: number): Promise<void> {
    const admin = kafka.admin()
    await admin.connect()
    const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }]
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }
    await admin.alterConfigs({ validateOnly: false, resources: [resource] })
    await admin.disconnect()
  }

  async function lettersIn(): Promise<DeadLetter[]> {
    const { read, close } = await openReading(log, 'forms.dead-letter')
    const letters: DeadLetter[] = []
    await read(async (record) => void letters.push(toDeadLetter(record)))
    await close()
    return letters
  }

  /** Runs `npm run replay` as in a cluster, where no instance runs. Resolves with its output. */
  const replay = (...args: string[]): Promise<string> => {
    const environment = {
      DATA_DIR: join(folder, 'no instance'),
      KAFKA_BROKERS: cluster.addresses,
    }
    return runScript(environment, 'scripts/replay.ts', ...args)
  }

  test('a record that a dispatcher posts to the dead-letter function is appended to the topic, however malformed', async () => {
    const kafkaSink = buildSink(log, new Set(['forms.dead-letter']))
    const url = `${await kafkaSink.listen({ host: '127.0.0.1', port: 0 })}/topics/forms.dead-letter`
    const sink = openSink({ url, log: silent, count: () => {} })
    const app = buildServer(sink)
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    closing.push(
      () => kafkaSink.close(),
      sink.close,
      () => app.close(),
    )
    const error = {
      'ce-knativeerrordest': 'http://slang.formstream.svc.cluster.local/',
      'ce-knativeerrorcode': '400',
      'ce-specversion': '1.0',
      'ce-id': 'partition:0/offset:5',
      'ce-source': '/x',
      'ce-type': 'dev.knative.kafka.event',
      'ce-time': '2026-01-01T00:00:00Z',
    }
    const headers = { ...error, 'content-type': 'application/cloudevents+json' }
    // A KafkaSink alone rejects the record, which would be lost.
    expect((await fetch(url, { method: 'POST', headers, body: 'no JSON' })).status).toBe(400)
    expect((await fetch(address, { method: 'POST', headers, body: 'no JSON' })).status).toBe(202)
    expect(await lettersIn()).toMatchObject([
      { task: 'slang', dest: error['ce-knativeerrordest'], unreadable: expect.any(String) },
    ])
  })

  test('a replay in a cluster runs while other members use the group of the task, and sends each letter once', async () => {
    // Joins like the consumers of a KafkaSource, with a protocol that kafkajs does not support.
    const { roundRobin } = kafkajs.PartitionAssigners
    const foreign = kafka.consumer({
      groupId: 'slang',
      partitionAssigners: [
        (config) => {
          const assigner = roundRobin(config)
          const name = 'cooperative-sticky'
          const protocol = assigner.protocol.bind(assigner)
          return { ...assigner, name, protocol: (options) => ({ ...protocol(options), name }) }
        },
      ],
    })
    await foreign.connect()
    closing.push(() => foreign.disconnect())
    await foreign.subscribe({ topics: [topic] })
    await foreign.run({ eachMessage: async () => {} })

    const count = 40
    const dest = 'http://slang.formstream.svc.cluster.local/'
    const opened = await producer()
    const letters = Array.from({ length: count }, (_, n) =>
      event(`${n}`, { ce_knativeerrordest: dest, ce_knativeerrorcode: '500' }),
    )
    await opened.send({ topic: 'forms.dead-letter', messages: letters })
    const task = await startTask()
    const to = ['--to', task.url]
    expect(await replay('--dry-run')).toMatch(/^40 would be sent$/m)
    // A wrong address fails before any letter is sent.
    await expect(replay('--to', 'http://127.0.0.1:1/')).rejects.toThrow(
      /Expected a task that is ready at http:\/\/127\.0\.0\.1:1\/health\/readiness \(Host: slang/,
    )
    const both = await Promise.all([replay(...to), replay(...to)])
    expect([task.posted.length, new Set(task.posted.map(({ id }) => id)).size]).toEqual([
      count,
      count,
    ])
    expect(both.join('').match(/^handled /gm)).toHaveLength(count)
    expect(new Set(task.posted.map(({ host }) => host))).toEqual(new Set([new URL(dest).host]))
    expect(await replay(...to)).toBe('No dead letters\n')

    // A letter that fails again becomes a new letter of the same task; the old one is not sent again.
    await opened.send({ topic: 'forms.dead-letter', messages: letters.slice(7, 8) })
    task.refuse('7')
    await expect(replay(...to)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^1 dead letter again$/m),
    })
    expect(await replay('--dry-run')).toMatch(/ 7 {2}\(422 no\)\n1 would be sent\n$/)
    task.refuse()
    expect(await replay(...to)).toMatch(/^1 handled$/m)
    expect(await replay(...to)).toBe('No dead letters\n')
    expect(task.posted).toHaveLength(count + 2)
  })

  /** A server that stands for the gateway and a ready task. `refuse`: the id to answer with 422. */
  async function startTask() {
    const posted: { id: string; host: string }[] = []
    let refused: string | undefined
    const server = createServer((request, response) => {
      if (request.url === '/health/readiness') return response.writeHead(200).end()
      const id = String(request.headers['ce-id'])
      posted.push({ id, host: String(request.headers.host) })
      return response.writeHead(id === refused ? 422 : 204).end(id === refused ? 'no' : undefined)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closing.push(
      () => server.closeAllConnections(),
      () => server.close(),
    )
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const refuse = (id?: string) => {
      refused = id
    }
    return { posted, url, refuse }
  }
})
