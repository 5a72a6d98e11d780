// A task that hangs beside one that works: what the hanging one does to how long the other takes, in alternating rounds.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import { FunctionProcess } from '../local/knative/function-process.ts'
import { startSource } from '../local/knative/source.ts'
import { percentile } from '../scripts/load/submit.ts'
import { makeSubmission, topic } from '../test/log/submission.fixture.ts'
import { show, spread } from './parts/spread.ts'

const rounds = 5
const [rate, seconds] = [300, 8]
const logger = pino({ level: 'fatal' })

export default async function hang(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
  const [works, hangs] = [startFunction('works'), startFunction('hangs')]
  await p99(log, 'warm-up', works, undefined)
  const alone: number[] = []
  const beside: number[] = []
  for (let n = 0; n < rounds; n++) {
    alone.push(await p99(log, `alone-${n}`, works, undefined))
    beside.push(await p99(log, `beside-${n}`, works, hangs))
    console.log(
      `  round ${n + 1}  alone ${alone[n]?.toFixed(1)} ms, beside ${beside[n]?.toFixed(1)} ms`,
    )
  }
  await Promise.all([works.stop(), hangs.stop()])
  await log.close()
  await rm(folder, { recursive: true })
  const ratio = spread(beside.map((value, n) => value / (alone[n] as number)))
  const result = { rate, p99: { alone: spread(alone), besideOneThatHangs: spread(beside) }, ratio }
  console.log(
    `  p99 at ${rate}/s: alone ${show(result.p99.alone, ' ms')}, beside ${show(spread(beside), ' ms')}`,
  )
  console.log(`  ratio ${show(ratio)} (goal below 1.2)`)
  return result
}

const startFunction = (name: string): FunctionProcess =>
  new FunctionProcess({
    name,
    module: join(
      import.meta.dirname,
      'parts',
      `${name === 'hangs' ? 'hanging' : 'nothing'}-server.ts`,
    ),
    args: [],
    env: {},
    idle: 600_000,
    connections: rules.inFlight,
    timeout: rules.timeout,
    log: logger,
  })

/** Milliseconds from the append to the end of the delivery, at a steady rate. */
async function p99(
  log: SqliteLog,
  name: string,
  works: FunctionProcess,
  hangs: FunctionProcess | undefined,
): Promise<number> {
  const appended = new Map<string, number>()
  const took: number[] = []
  const post = async (headers: Record<string, string>, body: string | Buffer) => {
    const answer = await works.post(headers, body)
    const began = appended.get(headers['ce-id'] as string)
    if (began !== undefined) took.push(performance.now() - began)
    return answer
  }
  const common = { topic, log, rules, logger }
  const working = await startSource({ ...common, task: name, post })
  while ((await working.lag()) > 0) await delay(10)
  const hanging =
    hangs && (await startSource({ ...common, task: 'hangs', post: hangs.post.bind(hangs) }))
  await delay(200)
  const began = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const ahead = (n / rate) * 1000 - (performance.now() - began)
    if (ahead > 1) await delay(ahead)
    const id = `${name}-${n}`
    appended.set(id, performance.now())
    log.append(topic, makeSubmission(id)).catch(logger.error)
  }
  while (took.length < rate * seconds) await delay(10)
  // Ends what it holds, so that its source can be closed.
  await hangs?.stop()
  await Promise.all([working.close(), hanging?.close()])
  return percentile(
    took.toSorted((a, b) => a - b),
    0.99,
  )
}
