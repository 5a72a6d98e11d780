// The endpoint's spool: Kafka is away under load, and the whole of `npm start` is killed while it spools and while it forwards.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from '../../local/kafka/cluster.ts'
import { readRows, waitForRows } from '../../scripts/load/sheet.ts'
import { freePorts } from '../free-ports.ts'
import { type Running, startInstance } from '../instance.ts'
import { freshTopics, openKafka } from '../log/kafka-cluster.ts'
import { between } from './seeded.ts'
import { type SteadyLoad, steadyLoad } from './spool-load.ts'
import { orderOf } from './spool-order.ts'

export interface SpoolCounts {
  sent: number
  acknowledged: number
  /** Submissions that the spool took and passed on. */
  spooled: number
  forwarded: number
  /** Submissions on the topic, and among them those with several records of one id. */
  stored: number
  repeated: number
  /** Submissions that are on the topic behind one that was sent later. */
  overtaken: number
  rows: number
  missing: number
  duplicate: number
  /** Kills while the spool took events, and while it forwarded them. */
  killsSpooling: number
  killsForwarding: number
}

export interface SpoolRun {
  instance: Running
  /** Kills the instance and starts another one on the same data. */
  restart: () => Promise<void>
  cluster: Cluster
  kills: Pick<SpoolCounts, 'killsSpooling' | 'killsForwarding'>
}

/** Milliseconds without a new row after which rows count as missing. */
const timeLimit = 60_000
/** Submissions in the spool before Kafka is let back: they take longer than it takes to see that they are forwarded. */
const backlog = 500

/** `outage`: milliseconds. `kills`: half of them while the spool takes submissions, and half while it forwards them. */
export const spoolFaults = (outage: number, kills: number) => ({
  [`Kafka stopped for ${outage / 1000} s`]: async ({ cluster }: SpoolRun) => {
    await cluster.stop()
    await delay(outage)
    await cluster.start()
  },
  [`${kills} times kill -9, while spooling and while forwarding`]: async (run: SpoolRun) => {
    for (let n = 0; n < kills / 2; n++) await killTwice(run)
  },
})

async function killTwice(run: SpoolRun): Promise<void> {
  const signalAll = (name: 'SIGSTOP' | 'SIGCONT') =>
    Promise.all(run.cluster.brokers.map((broker) => broker.signal(name)))
  await signalAll('SIGSTOP')
  await grown(run, 'spooled', 50)
  await between(0, 500)
  await run.restart()
  run.kills.killsSpooling += 1
  await grown(run, 'spooled', backlog)
  await signalAll('SIGCONT')
  await grown(run, 'forwarded', 1)
  await between(0, 50)
  const { spooled, forwarded } = await spoolOf(run)
  await run.restart()
  if (forwarded < spooled) run.kills.killsForwarding += 1
  while ((await spoolOf(run)).spooling) await delay(100)
}

export async function runSpool(
  cluster: Cluster,
  fault: (run: SpoolRun) => Promise<void>,
): Promise<SpoolCounts> {
  await freshTopics(cluster.addresses)
  const dataDir = await mkdtemp(join(tmpdir(), 'formstream-spool-'))
  const [port] = await freePorts(1)
  const environment = {
    PORT: String(port),
    KAFKA_BROKERS: cluster.addresses,
    SPOOL_DIR: join(dataDir, 'spool'),
    LOG_LEVEL: 'fatal',
  }
  const start = () => startInstance(dataDir, environment)
  const run: SpoolRun = {
    instance: await start(),
    cluster,
    kills: { killsSpooling: 0, killsForwarding: 0 },
    async restart() {
      await run.instance.kill()
      run.instance = await start()
    },
  }
  const load = steadyLoad(`${run.instance.endpoint}/forms/student-data`)
  await delay(3000)
  await fault(run)
  await delay(3000)
  const counts = await count(run, load)
  await run.instance.stop()
  await rm(dataDir, { recursive: true })
  return counts
}

async function count(run: SpoolRun, load: SteadyLoad): Promise<SpoolCounts> {
  const { instance, cluster, kills } = run
  await load.end()
  while ((await spoolOf(run)).spooling) await delay(100)
  const { spooled, forwarded } = await spoolOf(run)
  const read = async () =>
    (await readRows(instance.sheets as string, 'student-data', 'Responses')).map((row) => row.id)
  const rows = await waitForRows(read, [...load.accepted.keys()], timeLimit)
  const log = await openKafka(cluster.addresses)
  const order = await orderOf(log, load.accepted)
  await log.close()
  const acknowledged = load.accepted.size
  return { sent: load.sent(), acknowledged, spooled, forwarded, ...order, ...rows, ...kills }
}

/** Waits until this total of the spool is larger by `by`. */
async function grown(run: SpoolRun, total: 'spooled' | 'forwarded', by: number): Promise<void> {
  const before = (await spoolOf(run))[total]
  while ((await spoolOf(run))[total] < before + by) await delay(20)
}

async function spoolOf({ instance: { endpoint } }: SpoolRun) {
  const metrics = await (await fetch(`${endpoint}/metrics`)).text()
  const value = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1])
  return {
    spooled: value('formstream_spooled_total'),
    forwarded: value('formstream_spool_forwarded_total'),
    spooling:
      !/^formstream_spool_breaker\{state="closed"\} 1$/m.test(metrics) ||
      value('formstream_spool_waiting') > 0,
  }
}
