// What a person who submits a form notices of a backlog: the time to the 202 of a whole `npm start` at a modest rate, while its tasks
// have little to do and while they work off a backlog.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentile } from '../scripts/load/submit.ts'
import { type Running, startInstance } from '../test/instance.ts'
import { formOf, lag, submitAtOnce, submitAtRate } from './parts/instance-load.ts'
import { runLoad } from './parts/load.ts'
import type { BenchOptions } from './parts/options.ts'
import { before, figure, type Result, type Round, summarise } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

const warmUp = 2000
const people = { rate: 100, seconds: 8, connections: 20 }
const backlog = 20_000

export default async function door({ against }: BenchOptions): Promise<Result> {
  const of = 'npm start'
  const rounds = await alternate({
    [of]: () => measure(),
    ...(against !== undefined && { [before(of)]: () => measure(against) }),
  })
  return summarise('submission', rounds, [
    {
      what: 'p99 of the 202 under a backlog, of that of an idle flow',
      of,
      number: figure('ratio'),
      atMost: 1.5,
      before: '',
    },
  ])
}

async function measure(checkout?: string): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const instance = await startInstance(folder, {}, checkout)
  await submitAtOnce(instance, warmUp)
  const idle = await timesOfPeople(instance)
  await runLoad({ url: formOf(instance), connections: 100, amount: backlog })
  const busy = await timesOfPeople(instance)
  // Shows that the backlog lasted until the end.
  const left = await lag(instance)
  await instance.stop()
  await rm(folder, { recursive: true })
  const [p99, p99Busy] = [percentile(idle, 0.99), percentile(busy, 0.99)]
  const [p50, p50Busy] = [percentile(idle, 0.5), percentile(busy, 0.5)]
  return { figures: { p50, p99, p50Busy, p99Busy, ratio: p99Busy / p99, lag: left } }
}

/** Milliseconds of each 202, ascending. */
async function timesOfPeople(instance: Running): Promise<number[]> {
  const accepted = await submitAtRate(instance, people)
  return accepted.map(({ took }) => took).sort((a, b) => a - b)
}
