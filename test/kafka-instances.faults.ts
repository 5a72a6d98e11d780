// Several processes on one cluster: a second `npm start`, members of one consumer group, and `npm run topics`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import kafkajs, { type Admin, Kafka, logLevel } from 'kafkajs'
import type { Cluster } from '../local/kafka/cluster.ts'
import { startInstance } from './instance.ts'
import { freshTopics, openKafka, sharedCluster } from './log/kafka-cluster.ts'
import { makeSubmission, topic } from './log/submission.fixture.ts'
import { loggedStart } from './logged-start.ts'
import { describeOnKafka } from './on-kafka.ts'
import { until } from './until.ts'

jest.setTimeout(60_000)

const root = join(import.meta.dirname, '..')

let folder: string
let cluster: Cluster
let admin: Admin

/** Runs `npm run topics -- <command>` and returns the lines it prints. */
function topics(command: string): string[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/topics.ts', command], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', KAFKA_BROKERS: cluster.addresses },
  })
  const lines = stdout.trim().split('\n')
  const differs = command === 'diff' && lines.at(-1) !== 'All topics are as declared'
  if (status !== (differs ? 1 : 0)) throw new Error(`Ended with ${status}: ${stderr}`)
  return lines
}

describeOnKafka('one cluster', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'formstream-instances-'))
    cluster = await sharedCluster()
    const brokers = [cluster.addresses]
    admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
  }, 120_000)
  afterAll(async () => {
    await admin.disconnect()
    rmSync(folder, { recursive: true })
  }, 60_000)

  test('a second npm start with another data folder exits, and the first one keeps running', async () => {
    const environment = { KAFKA_BROKERS: cluster.addresses }
    const first = await startInstance(join(folder, 'first'), environment)
    const second = loggedStart(folder, 'second', environment)
    expect(await second.ended).toEqual([1, null])
    expect(second.output().trim()).toMatch(
      /^Expected to be the only instance that runs confirmation, sheets, webhook, found another one on this cluster: [^\n]+$/,
    )
    const answer = await fetch(`${first.endpoint}/forms/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ item1: 'still', item2: 'here' }),
    })
    expect(answer.status).toBe(202)
    expect(await first.stop()).toBe(0)
  })

  test('when one of two group members leaves, only records in flight are repeated, and none is missing', async () => {
    await freshTopics(cluster.addresses)
    const inFlight = 20
    const handled: [member: string, id: string][] = []
    const logs = await Promise.all([openKafka(cluster.addresses), openKafka(cluster.addresses)])
    const [stays, leaves] = await Promise.all(
      (['stays', 'leaves'] as const).map((member, index) =>
        logs[index as 0 | 1].consume({
          topic,
          group: 'shared',
          from: 'earliest',
          inFlight,
          handle: async ({ headers }) => {
            await delay(40)
            handled.push([member, headers['ce-id'] as string])
          },
        }),
      ),
    )
    const sharing = async () => {
      const { groups } = await admin.describeGroups(['formstream.shared'])
      return groups[0]?.state === 'Stable' && groups[0].members.length === 2
    }
    await until(sharing)
    const sent = Array.from({ length: 2000 }, (_, n) => `event ${n}`)
    await Promise.all(sent.map((id) => logs[0].append(topic, makeSubmission(id))))
    await until(() => handled.length >= 500)
    await leaves?.close()
    const ids = () => new Set(handled.map(([, id]) => id))
    await until(() => ids().size === sent.length)
    expect(await stays?.lag()).toBe(0)

    const by = (member: string) => handled.filter(([one]) => one === member).length
    expect(by('leaves')).toBeGreaterThan(100)
    expect(by('stays')).toBeGreaterThan(100)
    // The remaining member handles records again that were not committed when the partitions moved.
    expect(handled.length - sent.length).toBeLessThanOrEqual(2 * inFlight)
    await Promise.all(logs.map((log) => log.close()))
  })

  test('npm run topics prints the differences, applies them once, and removes nothing', async () => {
    const ours = async () => (await admin.listTopics()).filter((name) => name.startsWith('forms.'))
    await admin.deleteTopics({ topics: await ours() })
    await until(async () => (await ours()).length === 0)
    const more = { topic: 'forms.recorded', numPartitions: 8 }
    const fewer = { topic: 'forms.submitted', numPartitions: 2 }
    const foreign = { topic: 'forms.of-somebody-else', numPartitions: 1 }
    await admin.createTopics({ topics: [more, fewer, foreign], waitForLeaders: false })
    const partitions = async () => {
      const { topics: found } = await admin.fetchTopicMetadata({ topics: await admin.listTopics() })
      return Object.fromEntries(found.map((one) => [one.name, one.partitions.length]))
    }
    // kafkajs keeps failing after a request for a topic that does not exist.
    await until(async () => (await ours()).length === 3)
    const before = await partitions()

    const differs = topics('diff')
    expect(await partitions()).toEqual(before)
    expect(topics('diff')).toEqual(differs)
    expect(differs).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Warning: 1 of the 3 brokers/),
        'forms.submitted: add partitions: 2 to 6 (keys move to other partitions)',
        expect.stringMatching(/^forms\.submitted: set .*retention\.ms: 604800000 to 2592000000/),
        expect.stringMatching(/^forms\.validated: create with 6 partitions, 1 replicas/),
        expect.stringMatching(/^forms\.recorded: set retention/),
      ]),
    )

    expect(topics('apply')).toEqual(differs)
    await until(async () => topics('diff').at(-1) === 'All topics are as declared')
    expect(topics('apply').at(-1)).toBe('All topics are as declared')
    expect(await partitions()).toMatchObject({
      'forms.of-somebody-else': 1,
      'forms.recorded': 8,
      'forms.submitted': 6,
      'forms.validated': 6,
      'forms.dead-letter': 1,
    })

    const configEntries = [{ name: 'retention.ms', value: '1000' }]
    const changed = {
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name: 'forms.analyzed',
      configEntries,
    }
    await admin.alterConfigs({ validateOnly: false, resources: [changed] })
    await until(() => topics('diff').some((line) => line.includes('retention.ms: 1000 to')))
    topics('apply')
    await until(() => topics('diff').at(-1) === 'All topics are as declared')
  })
})
