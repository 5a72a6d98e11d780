// All brokers stop answering under load, and come back.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Cluster } from '../local/kafka/cluster.ts'
import { findInstance, type Instance } from '../local/knative/control/instance-file.ts'
import { openKafka, testCluster } from './log/kafka-cluster.ts'
import { topic } from './log/submission.fixture.ts'
import { type LoggedStart, loggedStart } from './logged-start.ts'
import { describeOnKafka } from './on-kafka.ts'
import { type Answer, pipelined } from './pipelined.ts'
import { until } from './until.ts'

jest.setTimeout(120_000)

/** Submissions that are sent during the outage. */
const posts = 15_000

let cluster: Cluster
let instance: Instance

/** Posts ten items per connection. Returns the answers in the order of the items. */
async function post(items: { item: string; key?: string }[]) {
  const posts = items.map(({ item, key }) => ({
    path: '/forms/demo',
    headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    body: JSON.stringify({ item1: item, item2: 'outage' }),
  }))
  const tens: Promise<Answer[]>[] = []
  for (let ten = 0; ten < posts.length; ten += 10) {
    // 2000 per second, which a slow machine can send too, so that `took` does not include waiting to be sent.
    if (ten % 1000 === 990) await delay(500)
    tens.push(pipelined(instance.endpoint, posts.slice(ten, ten + 10)))
  }
  const answers = (await Promise.all(tens)).flat()
  return answers.map(({ status, headers, body, took }, index) => {
    const { id = '', detail = '' } = JSON.parse(body) as { id?: string; detail?: string }
    const { 'idempotency-key': key = '', 'retry-after': retryAfter = '' } = headers
    return { item: items[index]?.item ?? '', status, detail, id, key, retryAfter, took }
  })
}

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ item: `${name} ${n}` }))

const readiness = async (): Promise<number> =>
  (await fetch(`${instance.endpoint}/health/readiness`)).status

const megabytes = (): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(instance.pid)], { encoding: 'utf8' })) /
  1024

/** Maximum of the resident memory of the process until `work` has ended. */
async function maxMegabytes(work: Promise<unknown>): Promise<number> {
  let max = 0
  let ended = false
  const watched = work.finally(() => {
    ended = true
  })
  while (!ended) {
    max = Math.max(max, megabytes())
    await delay(500)
  }
  await watched
  return max
}

/** Ids of the events in the log, by item. */
async function stored(): Promise<Map<string, Set<string>>> {
  const ids = new Map<string, Set<string>>()
  const log = await openKafka(cluster.addresses)
  const handle = async ({ headers, body }: { headers: Record<string, string>; body: string }) => {
    const { item1 } = JSON.parse(body).answers
    ids.set(item1, (ids.get(item1) ?? new Set()).add(headers['ce-id'] as string))
  }
  const consumer = await log.consume({ topic, from: 'earliest', inFlight: 1000, handle })
  await until(async () => (await consumer.lag()) === 0)
  await log.close()
  return ids
}

describeOnKafka('an outage of three brokers', () => {
  let folder: string
  let started: LoggedStart

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'formstream-outage-'))
    cluster = testCluster(folder, { port: 21392 })
    await cluster.start()
    const environment = { KAFKA_BROKERS: cluster.addresses, LOG_LEVEL: 'fatal' }
    started = loggedStart(folder, 'data', environment)
    instance = await until(() => findInstance(started.dataDir).catch(() => undefined))
  }, 120_000)
  afterAll(async () => {
    await Promise.all(cluster.brokers.map((broker) => broker.signal('SIGCONT')))
    started?.stop()
    await started?.ended
    await cluster.stop()
    rmSync(folder, { recursive: true })
  }, 60_000)

  test('during an outage every post gets 503 in time, in bounded memory; repeated posts are stored once', async () => {
    await post(numbered('before', 500))
    const before = megabytes()

    await Promise.all(cluster.brokers.map((broker) => broker.signal('SIGSTOP')))
    const unready = until(async () => (await readiness()) === 503)
    const asked = post(numbered('during', posts))
    const peak = maxMegabytes(asked)
    const answers = await asked
    await unready
    expect(new Set(answers.map(({ status, retryAfter }) => `${status} ${retryAfter}`))).toEqual(
      new Set(['503 1']),
    )
    // The endpoint waits 10 s for an append; a busy machine may take as long again.
    expect(Math.max(...answers.map(({ took }) => took))).toBeLessThan(20_000)
    expect((await peak) - before).toBeLessThan(300)
    expect(await readiness()).toBe(503)

    await Promise.all(cluster.brokers.map((broker) => broker.signal('SIGCONT')))
    await until(async () => (await readiness()) === 200)
    expect(await post([{ item: 'after' }])).toMatchObject([{ status: 202 }])

    const begun = answers.filter(({ detail }) => detail.startsWith('It may have been stored'))
    expect(begun.length).toBeGreaterThan(0)
    const repeated = await post(begun)
    expect(repeated.filter(({ status }) => status !== 202)).toEqual([])
    const ids = await stored()
    for (const { item, id } of repeated)
      expect([item, ids.get(item)]).toEqual([item, new Set([id])])
    expect([...ids].filter(([, found]) => found.size > 1)).toEqual([])
    expect([...ids.keys()].filter((item) => item.startsWith('before '))).toHaveLength(500)

    started.stop()
    expect(await started.ended).toEqual([0, null])
    expect(started.output()).not.toContain('MaxListenersExceededWarning')
  })
})
