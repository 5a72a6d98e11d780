// Delivery times of a task, alone and beside a task that hangs, in alternating rounds.
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
import { makeSubmission, topic } from '../test/log/submission.fixture.ts'
import { makeFunction, openLog } from './parts/log-to-function.ts'
import { show, spread } from './parts/spread.ts'

const rounds = 5
/** Events per second, and seconds. */
const [rate, seconds] = [300, 8]
const logger = pino({ level: 'fatal' })

export default async function hang(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const log = await openLog(folder)
  const working = makeFunction({ name: 'works' })
  const hanging = makeFunction({ name: 'hangs', server: 'hanging-server.ts' })
  await measureP99(log, 'warm-up', { working })
  const alone: number[] = []
  const beside: number[] = []
  for (let n = 0; n < rounds; n++) {
    alone.push(await measureP99(log, `alone-${n}`, { working }))
    beside.push(await measureP99(log, `beside-${n}`, { working, hanging }))
    console.log(
      `  round ${n + 1}  alone ${alone[n]?.toFixed(1)} ms, beside ${beside[n]?.toFixed(1)} ms`,
    )
  }
  await Promise.all([working.stop(), hanging.stop()])
  await log.close()
  await rm(folder, { recursive: true })
  const ratio = spread(beside.map((value, n) => value / (alone[n] as number)))
  const p99 = { alone: spread(alone), besideOneThatHangs: spread(beside) }
  console.log(
    `  p99 at ${rate}/s: alone ${show(p99.alone, ' ms')}, beside ${show(p99.besideOneThatHangs, ' ms')}`,
  )
  console.log(`  ratio ${show(ratio)} (goal below 1.2)`)
  return { rate, p99, ratio }
}

/** 99th percentile of the milliseconds from append to the end of the delivery, at a steady rate. */
async function measureP99(
  log: SqliteLog,
  task: string,
  { working, hanging }: { working: FunctionProcess; hanging?: FunctionProcess },
): Promise<number> {
  const appended = new Map<string, number>()
  const times: number[] = []
  const post = async (headers: Record<string, string>, body: string | Buffer) => {
    const answer = await working.post(headers, body)
    const began = appended.get(headers['ce-id'] as string)
    if (began !== undefined) times.push(performance.now() - began)
    return answer
  }
  const common = { topics: [topic], log, rules, logger }
  const source = await startSource({ ...common, task, post })
  while ((await source.lag()) > 0) await delay(10)
  const hangingSource =
    hanging && (await startSource({ ...common, task: 'hangs', post: hanging.post.bind(hanging) }))
  await delay(200)
  await appendAtRate(log, task, appended)
  while (times.length < rate * seconds) await delay(10)
  const closed = Promise.all([source.close(), hangingSource?.close()])
  // Ends the hanging deliveries, for which their source waits. Before `close` it would start others instead.
  await hanging?.stop()
  await closed
  return percentile(
    times.toSorted((a, b) => a - b),
    0.99,
  )
}

/** `appended`: receives the time of each append by id. */
async function appendAtRate(
  log: SqliteLog,
  prefix: string,
  appended: Map<string, number>,
): Promise<void> {
  const began = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const early = (n / rate) * 1000 - (performance.now() - began)
    if (early > 1) await delay(early)
    const id = `${prefix}-${n}`
    appended.set(id, performance.now())
    log.append(topic, makeSubmission(id)).catch(logger.error)
  }
}
