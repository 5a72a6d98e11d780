// Compares what `npm run size` predicts with what happens: a backlog for a task that waits, from the embedded log through the local
// source to replicas of the kit's server. The task waits instead of computing, so other work on the machine matters little.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import type { FunctionProcess } from '../local/knative/function-process.ts'
import { startSource } from '../local/knative/source/source.ts'
import { eventsPerSecond } from '../scripts/size/capacity.ts'
import { topic } from '../test/log/submission.fixture.ts'
import { appendMany, makeFunction, openLog } from './parts/log-to-function.ts'
import { type Spread, show, spread } from './parts/spread.ts'

/** `concurrency`: deliveries at once to a replica, like containerConcurrency of a Knative Service. */
const [events, rounds, ms, concurrency] = [10_000, 3, 200, 100]
const logger = pino({ level: 'error' })

/** `consumers`: of a KafkaSource; each allows `rules.inFlight` deliveries at once. */
const cases = [
  { consumers: 1, replicas: 1 },
  { consumers: 1, replicas: 2 },
  { consumers: 2, replicas: 1 },
  { consumers: 2, replicas: 2 },
]
type Case = (typeof cases)[number]

export default async function scaling(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const log = await openLog(folder)
  await appendMany(log, events, { prefix: 'e' })
  const replicas = [1, 2].map((n) =>
    makeFunction({ name: `waiting-${n}`, wait: ms, connections: concurrency }),
  )
  // Starts the processes.
  const { headers, body } = { headers: { 'content-type': 'text/plain' }, body: '' }
  await Promise.all(replicas.map((replica) => replica.post(headers, body)))
  const measured: Record<string, unknown>[] = []
  for (const one of cases) measured.push(await measure(one, log, replicas))
  await Promise.all(replicas.map((replica) => replica.stop()))
  await log.close()
  await rm(folder, { recursive: true })
  return { events, rounds, taskMs: ms, concurrency, cases: measured }
}

async function measure(one: Case, log: SqliteLog, replicas: FunctionProcess[]) {
  const predicted = predict(one)
  const rates: number[] = []
  for (let n = 1; n <= rounds; n++) {
    const group = `waiting-${one.consumers}-${one.replicas}-${n}`
    rates.push(events / (await drain(group, one, { log, replicas })))
  }
  const perSecond: Spread = spread(rates)
  const ratio = spread(rates.map((rate) => rate / predicted))
  console.log(
    `  ${one.consumers} × ${rules.inFlight} in flight, ${one.replicas} × ${concurrency} at once: ` +
      `predicted ${predicted}/s, found ${show(perSecond, '/s')}, ratio ${show(ratio)}`,
  )
  return { ...one, predicted, perSecond, ratio }
}

const predict = (one: Case): number =>
  eventsPerSecond({ ms, concurrency, replicaPerSecond: Number.POSITIVE_INFINITY }, one, {
    inFlight: rules.inFlight,
    perSecond: Number.POSITIVE_INFINITY,
  })

/** Seconds until the whole backlog is delivered, to the replicas in turn. */
async function drain(
  task: string,
  one: Case,
  { log, replicas }: { log: SqliteLog; replicas: FunctionProcess[] },
): Promise<number> {
  let [posted, delivered] = [0, 0]
  const all = Promise.withResolvers<void>()
  const post = async (headers: Record<string, string>, body: string | Buffer) => {
    const replica = replicas[posted++ % one.replicas] as FunctionProcess
    const answer = await replica.post(headers, body)
    if (answer.status !== 204) all.reject(new Error(`Expected 204, found ${answer.status}`))
    if (++delivered === events) all.resolve()
    return answer
  }
  const began = performance.now()
  const ownRules = { ...rules, inFlight: one.consumers * rules.inFlight }
  const reading = await startSource({ task, topics: [topic], log, post, rules: ownRules, logger })
  await all.promise
  const seconds = (performance.now() - began) / 1000
  await reading.close()
  return seconds
}
