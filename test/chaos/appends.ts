// Appends directly to the log under one broker fault after the other, and counts acknowledged, lost and repeated events.
import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { freshTopics, openKafka } from '../log/kafka-cluster.ts'
import { makeSubmission } from '../log/submission.fixture.ts'
import { type AppendClient, appendClients, type Compared, own } from './append-clients.ts'
import { endBroker } from './brokers.ts'
import { between } from './seeded.ts'

interface AppendOptions extends Compared {
  runs: number
  /** Only faults whose name contains this text. */
  fault: string
  /** Appends of each client in each run. */
  submissions: number
}

interface Counts {
  sent: number
  acknowledged: number
  lost: number
  repeated: number
  /** Longest time without an acknowledgement, in seconds. */
  stall: number
}

const brokerFaults: Record<string, (cluster: Cluster) => Promise<void>> = {
  'kill -9 of one, then of the next': async (cluster) => {
    for (const id of [1, 2]) {
      await between(500, 1500)
      await endBroker(cluster.broker(id), 'SIGKILL')
      await between(2000, 4000)
      await cluster.start()
    }
  },
  'graceful restart of all': async (cluster) => {
    for (const broker of cluster.brokers) {
      await between(300, 800)
      await endBroker(broker, 'SIGTERM')
      await cluster.start()
    }
  },
  'one frozen for 12 s': async (cluster) => {
    await between(500, 1500)
    await cluster.broker(3).signal('SIGSTOP')
    await delay(12_000)
    await cluster.broker(3).signal('SIGCONT')
  },
  'kill -9 of all three at once': async (cluster) => {
    await between(500, 1500)
    await Promise.all(cluster.brokers.map((broker) => endBroker(broker, 'SIGKILL')))
    await cluster.start()
  },
}

/** Returns the number of acknowledged events that the product's instances lost. Expected: 0. */
export async function appends(
  cluster: Cluster,
  { runs, fault: wanted, submissions, ...compared }: AppendOptions,
): Promise<number> {
  const clients = await appendClients(cluster.addresses, compared)
  const totals = new Map<string, Counts>()
  let lost = 0
  const faults = Object.entries(brokerFaults).filter(([name]) => name.includes(wanted))
  for (let n = 0; n < runs; n++) {
    const [name, fault] = faults[n % faults.length] as (typeof faults)[number]
    await freshTopics(cluster.addresses)
    const counted = await runOnce(cluster, clients, fault, submissions)
    for (const [client, counts] of counted) {
      if (client.startsWith(own)) lost += counts.lost
      console.log(`  ${String(n + 1).padStart(2)}  ${client.padEnd(12)} ${name}  ${show(counts)}`)
      for (const key of [`${client.padEnd(12)} ${name}`, `${client.padEnd(12)} all`]) {
        totals.set(key, sum(totals.get(key), counts))
      }
    }
  }
  for (const [key, counts] of totals) console.log(`  ${key}  ${show(counts)}`)
  await Promise.all(clients.map(({ close }) => close?.()))
  return lost
}

async function runOnce(
  cluster: Cluster,
  clients: AppendClient[],
  fault: (cluster: Cluster) => Promise<void>,
  submissions: number,
): Promise<[string, Counts][]> {
  const faultEnded = Promise.withResolvers<void>()
  const loads = clients.map((client) =>
    load(cluster.addresses, client, submissions, faultEnded.promise),
  )
  await fault(cluster)
  faultEnded.resolve()
  const results = await Promise.all(loads)
  return Promise.all(
    results.map(async ({ name, topic, acknowledged, ...rest }): Promise<[string, Counts]> => {
      const stored = await idsOn(cluster.addresses, topic.name)
      const lost = acknowledged.filter((id) => !stored.has(id)).length
      const repeated = [...stored].filter(
        ([id, times]) => id.startsWith(`${name}-`) && times > 1,
      ).length
      return [name, { ...rest, acknowledged: acknowledged.length, lost, repeated }]
    }),
  )
}

/** 200 callers append at a steady rate: at least `submissions` events, and until the fault has ended. */
async function load(
  brokers: string,
  { name, topic, openProducer }: AppendClient,
  submissions: number,
  faultEnded: Promise<void>,
) {
  const log = await openKafka(brokers, { topics: [topic], ...(openProducer && { openProducer }) })
  const acknowledged: string[] = []
  let [sent, ended, stall, last] = [0, false, 0, performance.now()]
  void faultEnded.then(() => {
    ended = true
  })
  const caller = async () => {
    while (sent < submissions || !ended) {
      const id = `${name}-${sent++}`
      const began = performance.now()
      const written = await log.append(topic.name, makeSubmission(id)).then(
        () => true,
        () => false,
      )
      if (written) {
        acknowledged.push(id)
        stall = Math.max(stall, performance.now() - last)
        last = performance.now()
      }
      await delay(Math.max(0, 200 - (performance.now() - began)))
    }
  }
  await Promise.all(Array.from({ length: 200 }, caller))
  await log.close()
  return { name, topic, sent, acknowledged, stall: stall / 1000 }
}

/** Number of records of each event on the topic, by event id. */
export async function idsOn(brokers: string, topic: string): Promise<Map<string, number>> {
  const log = await openKafka(brokers)
  const seen = new Map<string, number>()
  const consumer = await log.consume({
    topic,
    from: 'earliest',
    inFlight: 100,
    handle: async ({ headers }) => {
      const id = String(headers['ce-id'])
      seen.set(id, (seen.get(id) ?? 0) + 1)
    },
  })
  while ((await consumer.lag()) > 0) await delay(200)
  await log.close()
  return seen
}

const sum = (before: Counts | undefined, now: Counts): Counts => ({
  sent: (before?.sent ?? 0) + now.sent,
  acknowledged: (before?.acknowledged ?? 0) + now.acknowledged,
  lost: (before?.lost ?? 0) + now.lost,
  repeated: (before?.repeated ?? 0) + now.repeated,
  stall: Math.max(before?.stall ?? 0, now.stall),
})

const show = ({ stall, ...counts }: Counts): string =>
  [...Object.entries(counts), ['stall', `${stall.toFixed(1)} s`]]
    .map(([name, value]) => `${name} ${value}`)
    .join('  ')
