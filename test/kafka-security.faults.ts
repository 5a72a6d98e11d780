// Passwords and TLS, set by KAFKA_* variables, on a real broker that requires both.
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import kafkajs, { Kafka, logLevel } from 'kafkajs'
import { pino } from 'pino'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { type Connection, connectionOf, KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { KafkaLog } from '#kafka/log/kafka/log.ts'
import { diffTopics } from '#kafka/topics/diff-topics.ts'
import { readConfig } from '#kit/config.ts'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { buildApp } from '../functions/form-endpoint/app.ts'
import { Cluster } from '../local/kafka/cluster.ts'
import { fetchJars } from '../local/kafka/fetch-jars.ts'
import { type Security, secure } from '../local/kafka/security.ts'
import { findInstance } from '../local/knative/control/instance-file.ts'
import { readRows } from '../scripts/load/sheet.ts'
import { makeSubmission, topic } from './log/submission.fixture.ts'
import { loggedStart, watchCommandLines } from './logged-start.ts'
import { describeOnKafka } from './on-kafka.ts'
import { until } from './until.ts'

jest.setTimeout(40_000)

const root = join(import.meta.dirname, '..')
const password = randomBytes(16).toString('hex')
const wrongPassword = randomBytes(16).toString('hex')
const topics = topicsOf(declared)

/** Resources without ACLs are open to all users. */
const authorization = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
  'super.users': 'User:broker;User:ANONYMOUS',
}

let folder: string
let security: Security
let cluster: Cluster
let watch: ChildProcess
let good: Record<string, string>

const connection = () => connectionOf(readConfig(KafkaEnvironment, good)) as Connection

/** An ACL that allows the user ann one operation on the topic of submissions. */
const aclFor = (operation: number) => ({
  resourceType: kafkajs.AclResourceTypes.TOPIC,
  resourceName: topic,
  resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
  principal: 'User:ann',
  host: '*',
  operation,
  permissionType: kafkajs.AclPermissionTypes.ALLOW,
})

async function endpointOn(log: KafkaLog) {
  const forms = await loadForms(join(root, 'forms'), { knownTasks: knownTasks(await findTasks()) })
  const lines: string[] = []
  const logger = pino({ level: 'error' }, { write: (line) => lines.push(line) })
  const app = buildApp({ forms, log, logger })
  return {
    post: () =>
      app.inject({ method: 'POST', url: '/forms/demo', payload: { item1: 'a', item2: 'b' } }),
    ready: async () => (await app.inject('/health/readiness')).statusCode,
    logged: () => lines.join(''),
    async close() {
      await app.close()
      forms.close()
      await log.close()
    },
  }
}

describeOnKafka('a broker with passwords and TLS', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'formstream-security-'))
    const jars = join(root, '.cache', 'kafka')
    fetchJars(jars, console.log)
    watch = watchCommandLines(join(folder, 'ps'))
    security = secure(folder, { ann: password })
    const properties = { ...security.options.properties, ...authorization }
    cluster = new Cluster({ of: 1, folder, port: 22092, jars, ...security.options, properties })
    good = {
      KAFKA_BROKERS: cluster.addresses,
      KAFKA_TLS: 'true',
      KAFKA_TLS_CA: security.ca,
      KAFKA_SASL: 'scram-sha-512',
      KAFKA_USERNAME: 'ann',
      KAFKA_PASSWORD: password,
    }
    await cluster.start()
    const admin = new Kafka({ ...connection(), logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    for (const { apply } of await diffTopics(admin, topics)) await apply?.()
    await admin.disconnect()
  }, 120_000)
  afterAll(async () => {
    watch.kill()
    await cluster.stop()
    rmSync(folder, { recursive: true })
  }, 60_000)

  test.each(['plain', 'scram-sha-512'])(
    'an event is appended and consumed with %s',
    async (mechanism) => {
      good.KAFKA_SASL = mechanism
      const log = await KafkaLog.open({ connection: connection(), topics })
      const consumed = Promise.withResolvers<void>()
      const consumer = await log.consume({
        topic,
        group: mechanism,
        from: 'earliest',
        inFlight: 10,
        handle: async ({ headers }) => {
          if (headers['ce-id'] === `by-${mechanism}`) consumed.resolve()
        },
      })
      await log.append(topic, makeSubmission(`by-${mechanism}`))
      await consumed.promise
      await consumer.close()
      await log.close()
    },
  )

  test('with npm start a submission becomes a row, and the password is not in the log', async () => {
    const { dataDir, ended, stop, output } = loggedStart(folder, 'started', good)
    const { endpoint, sheets } = await until(() => findInstance(dataDir).catch(() => undefined))
    const answer = await fetch(`${endpoint}/forms/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item1: 'through', item2: 'TLS' }),
    })
    expect(answer.status).toBe(202)
    const { id } = (await answer.json()) as { id: string }
    const rows = () => readRows(sheets as string, 'demo', 'Responses')
    await until(async () => (await rows()).find((row) => row.id === id))
    stop()
    expect(await ended).toEqual([0, null])
    expect(output()).toContain('"function":"sheets"')
    expect(output()).not.toContain(password)
  })

  test('npm start exits on a wrong setting, with one line that contains no secret', async () => {
    const wrong: [string, Record<string, string>, RegExp][] = [
      ['password', { KAFKA_PASSWORD: wrongPassword }, /SCRAM SHA512 authentication failed/],
      ['plain', { KAFKA_PASSWORD: wrongPassword, KAFKA_SASL: 'plain' }, /Invalid username/],
      ['authority', { KAFKA_TLS_CA: '' }, /self-signed certificate/],
      ['file', { KAFKA_TLS_CA: '/nowhere/ca.pem' }, /KAFKA_TLS_CA .+ found "\/nowhere\/ca\.pem"/],
      ['host', { KAFKA_BROKERS: 'localhost:22092' }, /does not match certificate's altnames/],
      [
        'text',
        { KAFKA_TLS: '', KAFKA_TLS_CA: '' },
        /22092: Closed .+ expect TLS\? KAFKA_TLS is false/,
      ],
    ]
    await Promise.all(
      wrong.map(async ([name, environment, expected]) => {
        const { ended, output } = loggedStart(folder, name, { ...good, ...environment })
        expect(await ended).toEqual([1, null])
        expect(output()).toMatch(expected)
        expect(output().trim().split('\n')).toHaveLength(1)
        for (const secret of [password, wrongPassword]) expect(output()).not.toContain(secret)
      }),
    )
  })

  test('without permission to write the endpoint answers 503 at once, and 202 once it is granted', async () => {
    const { connection: asBroker } = security.options
    const brokers = [cluster.addresses]
    const admin = new Kafka({ brokers, ...asBroker, logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.createAcls({ acl: [aclFor(kafkajs.AclOperationTypes.READ)] })
    const log = await KafkaLog.open({ connection: connection(), topics })
    const { post, logged, ready, close } = await endpointOn(log)

    // The ACL takes effect a moment later.
    const refused = await until(async () => {
      const since = performance.now()
      const answer = await post()
      return answer.statusCode === 503 ? { answer, took: performance.now() - since } : undefined
    })
    // Less than the 10 s after which an append times out.
    expect(refused.took).toBeLessThan(8000)
    expect(refused.answer.json().detail).toMatch(/^It was not stored/)
    expect(refused.answer.headers).toMatchObject({ 'retry-after': '1' })
    expect(logged()).toContain('forms.submitted: the user lacks the permission Write on this topic')
    expect(await ready()).toBe(503)

    await admin.createAcls({ acl: [aclFor(kafkajs.AclOperationTypes.WRITE)] })
    await until(async () => ((await post()).statusCode === 202 ? true : undefined))
    expect(await ready()).toBe(200)
    await close()
    await admin.disconnect()
  })

  test('no secret is on a command line or in the log of the broker; its files have mode 600', () => {
    const seen = readFileSync(join(folder, 'ps'), 'utf8')
    const programs = ['keytool', 'StorageTool', 'kafka.Kafka', 'scripts/start.ts']
    expect(programs.filter((program) => !seen.includes(program))).toEqual([])
    const broker = join(folder, 'broker-1')
    const files = join(folder, 'security')
    const store = readFileSync(join(files, 'store-password'), 'utf8')
    const lines = `${seen}${readFileSync(join(broker, 'broker.log'), 'utf8')}`.split('\n')
    const hasSecret = (line: string) =>
      [password, wrongPassword, store].some((one) => line.includes(one))
    expect(lines.filter(hasSecret)).toEqual([])
    const secrets = [
      ...readdirSync(files).map((name) => join(files, name)),
      join(broker, 'server.properties'),
    ]
    for (const file of secrets) expect([file, statSync(file).mode & 0o777]).toEqual([file, 0o600])
  })
})
