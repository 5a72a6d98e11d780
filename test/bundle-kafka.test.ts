// The endpoint's bundle on Kafka: each acknowledged submission is in the topic, also those acknowledged during shutdown.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { submitted } from '#kafka/events.ts'
import type { KafkaLog } from '#kafka/log/kafka/log.ts'
import { endpointFacts } from '../knative/generate/function-facts.ts'
import type { Cluster } from '../local/kafka/cluster.ts'
import { bundle } from '../scripts/build/bundle.ts'
import { startAlone } from './bundle-process.ts'
import { openKafka, sharedCluster } from './log/kafka-cluster.ts'

jest.setTimeout(60_000)

let folder: string
let cluster: Cluster
let log: KafkaLog
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-bundle-kafka-'))
  await mkdir(join(folder, 'forms'))
  const form = 'title: Demo\nfields:\n  item1: { type: text }\n'
  await writeFile(join(folder, 'forms', 'demo.yaml'), form)
  cluster = await sharedCluster()
  log = await openKafka(cluster.addresses)
}, 120_000)
afterAll(async () => {
  await log?.close()
  await rm(folder, { recursive: true })
}, 60_000)

test('each submission that the endpoint answers with 202, also during shutdown, is in Kafka once', async () => {
  const { folder: built } = await bundle(endpointFacts(), folder)
  const { url, child, exited } = await startAlone(built, {
    FORMS_DIR: join(folder, 'forms'),
    KAFKA_BROKERS: cluster.addresses,
  })
  expect((await fetch(`${url}/health/readiness`)).status).toBe(200)
  const accepted: string[] = []
  let removed = false
  const person = async () => {
    while (!removed) {
      const headers = { 'content-type': 'application/json' }
      const sent = { method: 'POST', headers, body: '{"item1":"a"}' }
      const answer = await fetch(`${url}/forms/demo`, sent)
      expect(answer.status).toBe(202)
      accepted.push(((await answer.json()) as { id: string }).id)
    }
  }
  const people = Promise.all(Array.from({ length: 10 }, person))
  while (accepted.length < 100) await delay(10)
  child.kill('SIGTERM')
  setTimeout(() => {
    removed = true
  }, 300)
  await people
  expect(await exited).toBe(0)
  expect((await stored(accepted.length)).toSorted()).toEqual(accepted.toSorted())
})

async function stored(count: number): Promise<string[]> {
  const ids: string[] = []
  const consumer = await log.consume({
    topic: submitted.name,
    from: 'earliest',
    inFlight: 100,
    handle: async ({ headers }) => void ids.push(headers['ce-id'] ?? ''),
  })
  while (ids.length < count) await delay(50)
  await consumer.close()
  return ids
}
