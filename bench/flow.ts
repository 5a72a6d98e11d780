// The whole of `npm start`, from POST to row and analysis: submissions per second, the time of each, and what each process costs.
// `flow --kafka` has three brokers in place of the embedded log.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentile } from '../scripts/load/submit.ts'
import { UsageError } from '../scripts/parse-command.ts'
import { type Running, startInstance } from '../test/instance.ts'
import { Arrivals } from './parts/arrivals.ts'
import { withBrokers } from './parts/brokers.ts'
import { measureCpu, memoryOf, type Processes } from './parts/cpu.ts'
import { submitAtOnce, submitAtRate } from './parts/instance-load.ts'
import type { BenchOptions } from './parts/options.ts'
import { processTree } from './parts/process-tree.ts'
import {
  before,
  figure,
  type Result,
  type Round,
  type Rounds,
  summarise,
  totalCpu,
} from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

const submissions = 10_000
/** Starts the functions and compiles their code. */
const warmUp = 5000
const steady = { rate: 1000, seconds: 10, connections: 100 }
const functions = ['validation', 'sheets', 'slang']

export default ({ kafka, against }: BenchOptions): Promise<Result> => {
  if (!kafka) return flow(against === undefined ? [undefined] : [undefined, against])
  // Two instances on the same brokers would share the work.
  if (against !== undefined) throw new UsageError('Expected --against without --kafka')
  return withBrokers(({ addresses, processes }) =>
    flow([undefined], { KAFKA_BROKERS: addresses }, processes),
  )
}

async function flow(
  checkouts: (string | undefined)[],
  environment: Record<string, string> = {},
  brokers: Processes = {},
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const running: Record<string, Running> = {}
  for (const checkout of checkouts) {
    const name = checkout === undefined ? 'npm start' : before('npm start')
    // Functions stay while it is the other one's turn.
    const env = { IDLE_SECONDS: '3600', ...environment }
    running[name] = await startInstance(join(folder, name), env, checkout)
    await submitAtOnce(running[name], warmUp)
  }
  const cases = Object.entries(running).map(
    ([name, instance]) => [name, () => measure(instance, brokers)] as const,
  )
  const rounds = await alternate(Object.fromEntries(cases))
  await Promise.all(Object.values(running).map((instance) => instance.stop()))
  await rm(folder, { recursive: true })
  return withGoals(rounds)
}

async function measure(instance: Running, brokers: Processes): Promise<Round> {
  const own = await processTree(instance.pid)
  const used = await measureCpu({ ...own, ...brokers })
  const began = performance.now()
  const { cpu: load } = await submitAtOnce(instance, submissions)
  const perSecond = submissions / ((performance.now() - began) / 1000)
  const cpu = await used(submissions)
  const delays = await delaysToRow(instance)
  const [p50, p99] = [percentile(delays, 0.5), percentile(delays, 0.99)]
  const memory = await memoryOf(own, 'peak')
  return { figures: { perSecond, p50, p99, cpu: totalCpu(cpu) }, cpu: { ...cpu, load }, memory }
}

/** Milliseconds from each 202 to its row at a steady rate, ascending. */
async function delaysToRow(instance: Running): Promise<number[]> {
  const rows = new Arrivals(instance, 'forms.recorded')
  const accepted = await submitAtRate(instance, steady)
  await rows.all(accepted.map(({ id }) => id))
  rows.close()
  const delays = accepted.map(({ id, at }) => (rows.times.get(id) as number) - at)
  return delays.sort((a, b) => a - b)
}

function withGoals(rounds: Rounds): Result {
  const of = 'npm start'
  return summarise('submission', rounds, [
    {
      what: 'flow, CPU per submission, all processes, µs',
      of,
      number: figure('cpu'),
      atMost: 1100,
      before: '2,600',
    },
    { what: 'flow, per second', of, number: figure('perSecond'), atLeast: 2000, before: '980' },
    {
      what: `p99 from the 202 to the row at ${steady.rate} per second, ms`,
      of,
      number: figure('p99'),
      atMost: 2000,
      before: '864',
    },
    {
      what: 'memory of a function under load, the largest, MB',
      of,
      number: ({ memory = {} }) => Math.max(...functions.map((name) => memory[name] as number)),
      atMost: 90,
      before: '115–150',
    },
  ])
}
