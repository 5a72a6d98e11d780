// The endpoint with the embedded log beside the same route with the same validation and no log, in alternating rounds.
import autocannon from 'autocannon'
import { student } from '../scripts/load/students.ts'
import { startArguments } from '../test/instance.ts'
import { memoryOf, startPart } from './parts/child.ts'
import { show, spread } from './parts/spread.ts'

const rounds = 3
const connections = 200
const seconds = 6

interface Round {
  perSecond: number
  p50: number
  p99: number
  failed: number
  memory: Awaited<ReturnType<typeof memoryOf>>
}

export default async function ingest(): Promise<Record<string, unknown>> {
  const measured: Record<'none' | 'sqlite', Round[]> = { none: [], sqlite: [] }
  for (let n = 0; n < rounds; n++) {
    for (const log of ['none', 'sqlite'] as const) {
      const round = await run(log)
      measured[log].push(round)
      console.log(`  round ${n + 1}  ${log.padEnd(6)} ${JSON.stringify(round)}`)
    }
  }
  const ratios = measured.sqlite.map(
    (round, n) => round.perSecond / (measured.none[n] as Round).perSecond,
  )
  const result = {
    connections,
    ratio: spread(ratios),
    perSecond: spread(measured.sqlite.map((round) => round.perSecond)),
    p99: spread(measured.sqlite.map((round) => round.p99)),
    peakMemory: spread(measured.sqlite.map((round) => round.memory.peak)),
    failed: measured.sqlite.reduce((sum, round) => sum + round.failed, 0),
    rounds: measured,
  }
  console.log(
    `  with the log ${show(result.perSecond, '/s')}, of the route alone ${show(result.ratio)} (goal 0.7)`,
  )
  console.log(
    `  p99 ${show(result.p99, ' ms')} (goal 50), peak memory ${show(result.peakMemory, ' MB')} (goal 150)`,
  )
  return result
}

async function run(log: 'none' | 'sqlite'): Promise<Round> {
  const server = await startPart('ingest-server.ts', [log], startArguments.slice(0, -1))
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
