// A quiet form beside a form with a flood, and beside one whose every event is retried: how long its submissions wait from the
// moment they are durable (the 202) until they reach the task, on the embedded log.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { toMessage } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import { FunctionProcess } from '../local/knative/function-process.ts'
import { startSource } from '../local/knative/source.ts'
import { makeSubmission, topic } from '../test/log/submission.fixture.ts'
import { show, spread } from './parts/spread.ts'

/** Of the quiet form: so many a second, for so many seconds. */
const rate = 20
const seconds = 10
const rounds = 3
const flood = 60_000

type Beside = 'nothing' | 'flood' | 'retried'

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
  const result = {
    rate,
    flood,
    p99: { nothing: p99('nothing'), flood: p99('flood'), retried: p99('retried') },
    ratio: { flood: ratio('flood'), retried: ratio('retried') },
    rounds: found,
  }
  for (const beside of ['flood', 'retried'] as const) {
    console.log(
      `  p99 beside ${beside} ${show(p99(beside), ' ms')}, of that beside nothing ${show(ratio(beside))} (goal 2)`,
    )
  }
  return result
}

interface Waits {
  p50: number
  p99: number
  /** Events of the other form that reached the task meanwhile, each time they did. */
  others: number
}

async function run(beside: Beside): Promise<Waits> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const logger = pino({ level: 'fatal' })
  const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
  const task = new FunctionProcess({
    name: 'nothing',
    module: join(import.meta.dirname, 'parts', 'waiting-server.ts'),
    args: [],
    env: {},
    idle: 60_000,
    connections: 2 * rules.inFlight,
    timeout: rules.timeout,
    log: logger,
  })
  const reached = new Map<string, number>()
  let others = 0
  const post = async (headers: Record<string, string>, body: string | Buffer) => {
    const answer = await task.post(headers, body)
    if (headers['ce-form'] === 'quiet') reached.set(headers['ce-id'] as string, performance.now())
    else others += 1
    return headers['ce-form'] === 'retried' ? { ...answer, status: 503 } : answer
  }
  await task.post(toMessage(ofForm('first', 'first')).headers, '{}')
  for (let n = 0; beside !== 'nothing' && n < flood; n += 10_000) {
    const ids = Array.from({ length: 10_000 }, (_, m) => `${beside}${n + m}`)
    await Promise.all(ids.map((id) => log.append(topic, ofForm(beside, id))))
  }
  const source = await startSource({ task: 'nothing', topic, log, post, rules, logger })
  const waits: number[] = []
  const durable = new Map<string, number>()
  for (let n = 0; n < rate * seconds; n++) {
    const id = `quiet${n}`
    await log.append(topic, ofForm('quiet', id))
    durable.set(id, performance.now())
    await delay(1000 / rate)
  }
  while (reached.size < durable.size) await delay(20)
  // Those of the first second do not count: all is only starting.
  for (const [id, at] of [...durable].slice(rate))
    waits.push(Math.max(0, (reached.get(id) as number) - at))
  await source.close()
  await task.stop()
  await log.close()
  await rm(folder, { recursive: true })
  waits.sort((a, b) => a - b)
  const at = (part: number) =>
    Math.round(10 * (waits[Math.ceil(part * waits.length) - 1] as number)) / 10
  return { p50: at(0.5), p99: at(0.99), others }
}

const ofForm = (form: string, id: string): FormEvent =>
  makeSubmission(id).cloneWith({ form }, false) as FormEvent
