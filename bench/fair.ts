// How long submissions of a quiet form wait between being durable (the 202) and reaching the task, on the embedded log: alone, beside
// a form with a flood of submissions, and beside a form whose every event is retried.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import type { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import type { FunctionProcess } from '../local/knative/function-process.ts'
import { startSource } from '../local/knative/source/source.ts'
import { percentile } from '../scripts/load/submit.ts'
import { topic } from '../test/log/submission.fixture.ts'
import { appendMany, makeFunction, ofForm, openLog } from './parts/log-to-function.ts'
import { show, spread } from './parts/spread.ts'

/** Submissions of the quiet form per second, and seconds. */
const rate = 20
const seconds = 10
const rounds = 3
/** Submissions of the other form. */
const flood = 60_000

type Beside = 'nothing' | 'flood' | 'retried'

/** Milliseconds that submissions of the quiet form waited. */
interface Waits {
  p50: number
  p99: number
  /** Deliveries of the other form meanwhile. */
  others: number
}

export default async function fair(): Promise<Record<string, unknown>> {
  const found: Record<Beside, Waits[]> = { nothing: [], flood: [], retried: [] }
  for (let n = 0; n < rounds; n++) {
    for (const beside of ['nothing', 'flood', 'retried'] as const) {
      const waits = await run(beside)
      found[beside].push(waits)
      console.log(`  round ${n + 1}  beside ${beside.padEnd(8)} ${JSON.stringify(waits)}`)
    }
  }
  const p99 = (beside: Beside) => spread(found[beside].map((waits) => waits.p99))
  const ratio = (beside: Beside) =>
    spread(found[beside].map((waits, n) => waits.p99 / (found.nothing[n] as Waits).p99))
  for (const beside of ['flood', 'retried'] as const) {
    console.log(
      `  p99 beside ${beside} ${show(p99(beside), ' ms')}, of that beside nothing ${show(ratio(beside))} (goal 2)`,
    )
  }
  return {
    rate,
    flood,
    p99: { nothing: p99('nothing'), flood: p99('flood'), retried: p99('retried') },
    ratio: { flood: ratio('flood'), retried: ratio('retried') },
    rounds: found,
  }
}

async function run(beside: Beside): Promise<Waits> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const log = await openLog(folder)
  const task = makeFunction({ name: 'nothing', connections: 2 * rules.inFlight })
  // Starts the process.
  await task.post(ofForm('first', 'first').headers, '{}')
  if (beside !== 'nothing') await appendMany(log, flood, { prefix: beside, forms: [beside] })
  const waits = await measure(log, task)
  await task.stop()
  await log.close()
  await rm(folder, { recursive: true })
  return waits
}

async function measure(log: SqliteLog, task: FunctionProcess): Promise<Waits> {
  const reached = new Map<string, number>()
  let others = 0
  const post = async (headers: Record<string, string>, body: string | Buffer) => {
    const answer = await task.post(headers, body)
    if (headers['ce-form'] === 'quiet') reached.set(headers['ce-id'] as string, performance.now())
    else others += 1
    return headers['ce-form'] === 'retried' ? { ...answer, status: 503 } : answer
  }
  const logger = pino({ level: 'fatal' })
  const source = await startSource({ task: 'nothing', topics: [topic], log, post, rules, logger })
  const durable = await appendQuiet(log)
  while (reached.size < durable.size) await delay(20)
  await source.close()
  // The first second does not count: everything is still starting.
  const waits = [...durable]
    .slice(rate)
    .map(([id, at]) => Math.max(0, (reached.get(id) as number) - at))
    .sort((a, b) => a - b)
  const at = (share: number) => Math.round(10 * percentile(waits, share)) / 10
  return { p50: at(0.5), p99: at(0.99), others }
}

/** Returns when each event became durable, by id. */
async function appendQuiet(log: SqliteLog): Promise<Map<string, number>> {
  const durable = new Map<string, number>()
  for (let n = 0; n < rate * seconds; n++) {
    const id = `quiet${n}`
    await log.append(topic, ofForm('quiet', id))
    durable.set(id, performance.now())
    await delay(1000 / rate)
  }
  return durable
}
