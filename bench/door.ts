// What a person who submits a form notices of a backlog: the time to the 202 of a whole `npm start` at a modest rate, while its tasks
// have little to do and while they work off a backlog.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { percentile } from '../scripts/load/submit.ts'
import { startInstance } from '../test/instance.ts'
import { formOf, lag, submitAtOnce, submitAtRate } from './parts/instance-load.ts'
import { runLoad } from './parts/load.ts'
import type { BenchOptions } from './parts/options.ts'
import { before, figure, type Result, type Round, summarise } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

const warmUp = 2000
const people = { rate: 100, seconds: 8, connections: 20 }
const backlog = 20_000

export default async function door({ against }: BenchOptions): Promise<Result> {
  const cases = (name: (plain: string) => string, checkout?: string) => ({
    [name('idle')]: () => measure(0, checkout),
    [name('backlog')]: () => measure(backlog, checkout),
  })
  const rounds = await alternate({
    ...cases((name) => name),
    ...(against !== undefined && cases(before, against)),
  })
  const idle = rounds.idle as Round[]
  return summarise('submission', rounds, [
    {
      what: 'p99 of the 202 under a backlog, of that of an idle flow',
      of: 'backlog',
      number: (round, n) => figure('p99')(round) / figure('p99')(idle[n] as Round),
      atMost: 1.5,
      before: '',
    },
  ])
}

async function measure(submissions: number, checkout?: string): Promise<Round> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const instance = await startInstance(folder, {}, checkout)
  await submitAtOnce(instance, warmUp)
  if (submissions > 0) {
    await runLoad({ url: formOf(instance), connections: 100, amount: submissions })
  }
  const accepted = await submitAtRate(instance, people)
  // Shows that the backlog lasted until the end.
  const left = await lag(instance)
  await instance.stop()
  await rm(folder, { recursive: true })
  const times = accepted.map(({ took }) => took).sort((a, b) => a - b)
  return { figures: { p50: percentile(times, 0.5), p99: percentile(times, 0.99), lag: left } }
}
