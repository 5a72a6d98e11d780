// What `npm run size` predicts beside what happens: a backlog for a task that waits, from the embedded log through the local source
// to replicas of the kit's own server. Bound by waiting, not by CPU, so that other work on the machine matters little.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import { FunctionProcess } from '../local/knative/function-process.ts'
import { startSource } from '../local/knative/source.ts'
import { eventsPerSecond } from '../scripts/size/capacity.ts'
import { makeSubmission, topic } from '../test/log/submission.fixture.ts'
import { type Spread, show, spread } from './parts/spread.ts'

const [events, rounds, ms, concurrency] = [10_000, 3, 200, 100]
const logger = pino({ level: 'error' })

/** As many deliveries under way as so many consumers of a KafkaSource would have, to so many replicas. */
const cases = [
  { consumers: 1, replicas: 1 },
  { consumers: 1, replicas: 2 },
  { consumers: 2, replicas: 1 },
  { consumers: 2, replicas: 2 },
]
type Case = (typeof cases)[number]

export default async function scaling(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
  await Promise.all(
    Array.from({ length: events }, (_, n) => log.append(topic, makeSubmission(`e${n}`))),
  )
  const replicas = [startReplica(1), startReplica(2)]
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
  const given = { ...rules, inFlight: one.consumers * rules.inFlight }
  const reading = await startSource({ task, topic, log, post, rules: given, logger })
  await all.promise
  const seconds = (performance.now() - began) / 1000
  await reading.close()
  return seconds
}

/** Its connections are the most deliveries at once, as a Knative Service's containerConcurrency is. */
const startReplica = (n: number): FunctionProcess =>
  new FunctionProcess({
    name: `waiting-${n}`,
    module: join(import.meta.dirname, 'parts', 'waiting-server.ts'),
    args: [String(ms)],
    env: {},
    idle: 600_000,
    connections: concurrency,
    timeout: rules.timeout,
    log: logger,
  })
