// The cost of Kafka's flush settings: appends per second on three brokers, acks=all, with each setting, in alternating rounds.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs, { Kafka, logLevel } from 'kafkajs'
import { freshTopics, openKafka, testCluster } from '../test/log/kafka-cluster.ts'
import { makeSubmission, topic } from '../test/log/submission.fixture.ts'
import { type Spread, show, spread } from './parts/spread.ts'

const rounds = 3
const callers = 200
const seconds = 8

/** Settings of the topic. The broker settings log.flush.interval.* do the same for all topics. */
const policies: Record<string, Record<string, string>> = {
  none: {},
  'flush.ms=1000': { 'flush.ms': '1000' },
  'flush.messages=1000': { 'flush.messages': '1000' },
  'flush.messages=1': { 'flush.messages': '1' },
}

export default async function flush(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const cluster = testCluster(folder)
  await cluster.start()
  await freshTopics(cluster.addresses)
  await appendFor(cluster.addresses, seconds)
  const measured = new Map<string, number[]>()
  for (let n = 0; n < rounds; n++) {
    for (const [name, policy] of Object.entries(policies)) {
      await setPolicy(cluster.addresses, policy)
      const perSecond = await appendFor(cluster.addresses, seconds)
      measured.set(name, [...(measured.get(name) ?? []), perSecond])
      console.log(`  round ${n + 1}  ${name.padEnd(20)} ${Math.round(perSecond)}/s`)
    }
  }
  await cluster.stop()
  await rm(folder, { recursive: true })
  const none = measured.get('none') as number[]
  const result: Record<string, { perSecond: Spread; ratio: Spread }> = {}
  for (const [name, all] of measured) {
    const ratio = spread(all.map((perSecond, n) => perSecond / (none[n] as number)))
    result[name] = { perSecond: spread(all), ratio }
    console.log(`  ${name.padEnd(20)} ${show(spread(all), '/s')}, of none ${show(ratio)}`)
  }
  return { callers, policies: result }
}

async function setPolicy(brokers: string, policy: Record<string, string>): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const settings = { 'min.insync.replicas': '2', ...policy }
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }]
  await admin.alterConfigs({ validateOnly: false, resources })
  await admin.disconnect()
}

/** Appends per second. */
async function appendFor(brokers: string, seconds: number): Promise<number> {
  const log = await openKafka(brokers)
  const began = performance.now()
  let written = 0
  const caller = async (_: unknown, n: number) => {
    for (let m = 0; performance.now() - began < seconds * 1000; m++) {
      await log.append(topic, makeSubmission(`${began}-${n}-${m}`))
      written += 1
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  const taken = (performance.now() - began) / 1000
  await log.close()
  return written / taken
}
