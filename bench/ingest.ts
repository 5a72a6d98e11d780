// Compares the form endpoint with and without a log, in alternating rounds. `ingest` uses the embedded log, `ingest --kafka` three
// brokers with acks=all and two in-sync replicas.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { student } from '../scripts/load/students.ts'
import { startArguments } from '../test/instance.ts'
import { freshTopics, testCluster } from '../test/log/kafka-cluster.ts'
import { memoryOf, startServerProcess } from './parts/child-process.ts'
import { type Spread, show, spread } from './parts/spread.ts'

const rounds = 3
const seconds = 6

type LogName = 'none' | 'sqlite' | 'kafka'

/** Requests per second, latencies in ms. */
interface Round {
  perSecond: number
  p50: number
  p99: number
  /** Requests without a 2xx answer. */
  failed: number
  memory: Awaited<ReturnType<typeof memoryOf>>
}

export default async function ingest(options: {
  kafka: boolean
}): Promise<Record<string, unknown>> {
  if (!options.kafka) return compare('sqlite', { goal: 0.7, p99: 50 })
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const cluster = testCluster(folder)
  await cluster.start()
  await freshTopics(cluster.addresses)
  const result = await compare('kafka', { p99: 100, brokers: cluster.addresses })
  const many = await run('kafka', 1000, cluster.addresses)
  console.log(`  at 1000 connections ${JSON.stringify(many)}`)
  await cluster.stop()
  await rm(folder, { recursive: true })
  return { ...result, at1000connections: many }
}

async function compare(
  log: LogName,
  { brokers, ...goals }: { goal?: number; p99: number; brokers?: string },
) {
  const alone: Round[] = []
  const withLog: Round[] = []
  for (let n = 0; n < rounds; n++) {
    alone.push(await run('none', 200))
    withLog.push(await run(log, 200, brokers))
    console.log(`  round ${n + 1}  none   ${JSON.stringify(alone[n])}`)
    console.log(`  round ${n + 1}  ${log.padEnd(6)} ${JSON.stringify(withLog[n])}`)
  }
  const result = {
    connections: 200,
    ratio: spread(withLog.map((round, n) => round.perSecond / (alone[n] as Round).perSecond)),
    perSecond: spread(withLog.map((round) => round.perSecond)),
    p99: spread(withLog.map((round) => round.p99)),
    peakMemory: spread(withLog.map((round) => round.memory.peak)),
    privateMemory: spread(withLog.map((round) => round.memory.private)),
    failed: withLog.reduce((sum, round) => sum + round.failed, 0),
    rounds: { none: alone, [log]: withLog },
  }
  print(log, result, goals)
  return result
}

function print(
  log: LogName,
  result: Record<'ratio' | 'perSecond' | 'p99' | 'peakMemory' | 'privateMemory', Spread> & {
    failed: number
  },
  { goal, p99 }: { goal?: number; p99: number },
): void {
  const wanted = goal ? ` (goal ${goal})` : ''
  console.log(
    `  ${log} ${show(result.perSecond, '/s')}, of the route alone ${show(result.ratio)}${wanted}`,
  )
  console.log(`  p99 ${show(result.p99, ' ms')} (goal ${p99}), failed ${result.failed}`)
  console.log(
    `  peak memory ${show(result.peakMemory, ' MB')} (goal 150), private ${show(result.privateMemory, ' MB')}`,
  )
}

async function run(log: LogName, connections: number, brokers = ''): Promise<Round> {
  const server = await startServerProcess(
    'ingest-server.ts',
    [log, brokers],
    startArguments.slice(0, -1),
  )
  const options = {
    url: `http://127.0.0.1:${server.port}/forms/student-data`,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(student(1)),
    connections,
  }
  await autocannon({ ...options, duration: 2 })
  const { requests, latency, non2xx, errors } = await autocannon({ ...options, duration: seconds })
  const memory = await memoryOf(server.pid)
  await server.stop()
  return {
    perSecond: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    failed: non2xx + errors,
    memory,
  }
}
