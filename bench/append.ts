// Appends to Kafka without HTTP, three brokers, acks=all: the log's client beside Kafka's own ProducerPerformance, and what flush
// settings of the topic cost.
import kafkajs, { Kafka, logLevel } from 'kafkajs'
import { makeSubmission, topic } from '../test/log/submission.fixture.ts'
import { runAppends } from './parts/append.ts'
import { type Brokers, withBrokers } from './parts/brokers.ts'
import { measureCpu } from './parts/cpu.ts'
import { runProducerPerformance } from './parts/producer-performance.ts'
import { type Result, type Round, summarise } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

const callers = 200
const seconds = 8
/** Until the JVMs of the brokers have compiled what they run. */
const warmUp = 30

/** Settings of the topic. The broker settings log.flush.interval.* do the same for all topics. */
const policies: Record<string, Record<string, string>> = {
  'flush.ms=1000': { 'flush.ms': '1000' },
  'flush.messages=1000': { 'flush.messages': '1000' },
  'flush.messages=1': { 'flush.messages': '1' },
}

export default (): Promise<Result> =>
  withBrokers(async (brokers) => {
    await runAppends({ brokers: brokers.addresses, callers, seconds: warmUp })
    const withPolicies = Object.entries(policies).map(
      ([name, policy]) => [name, () => measure(brokers, policy)] as const,
    )
    const rounds = await alternate({
      'the log': () => measure(brokers, {}),
      ProducerPerformance: () => measurePeer(brokers),
      ...Object.fromEntries(withPolicies),
    })
    return summarise('event', rounds, [])
  })

async function measure(brokers: Brokers, policy: Record<string, string>): Promise<Round> {
  await setPolicy(brokers.addresses, policy)
  const used = await measureCpu(brokers.processes)
  const { done, cpu, ...figures } = await runAppends({
    brokers: brokers.addresses,
    callers,
    seconds,
  })
  return { figures, cpu: { client: cpu, ...(await used(done)) } }
}

async function measurePeer({ addresses, processes }: Brokers): Promise<Round> {
  await setPolicy(addresses, {})
  const { headers, body } = makeSubmission('0'.repeat(36))
  const size = JSON.stringify(headers).length + body.length
  const { perSecond, cpu } = await runProducerPerformance({ addresses, topic, size, processes })
  return { figures: { perSecond }, cpu }
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
