// Throughput of the local source alone: from the embedded log to a function that does nothing.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import type { FunctionProcess } from '../local/knative/function-process.ts'
import { startSource } from '../local/knative/source/source.ts'
import { topic } from '../test/log/submission.fixture.ts'
import { appendMany, makeFunction, openLog } from './parts/log-to-function.ts'
import { show, spread } from './parts/spread.ts'

const events = 20_000
const rounds = 3

export default async function source(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const log = await openLog(folder)
  await appendMany(log, events, 'e')
  const nothing = makeFunction({ name: 'nothing' })
  const rates: number[] = []
  // The first round starts the process and does not count.
  for (let n = 0; n <= rounds; n++) {
    const seconds = await deliverAll(log, nothing, `nothing-${n}`)
    if (n > 0) rates.push(events / seconds)
  }
  await nothing.stop()
  await log.close()
  await rm(folder, { recursive: true })
  const perSecond = spread(rates)
  console.log(
    `  ${events} events to a task that does nothing: ${show(perSecond, '/s')} (goal 5000)`,
  )
  return { events, inFlight: rules.inFlight, perSecond }
}

/** Seconds until all events are delivered. */
async function deliverAll(log: SqliteLog, to: FunctionProcess, task: string): Promise<number> {
  let delivered = 0
  const all = Promise.withResolvers<void>()
  const post = async (headers: Record<string, string>, body: string | Buffer) => {
    const answer = await to.post(headers, body)
    if (answer.status !== 204) all.reject(new Error(`Expected 204, found ${answer.status}`))
    if (++delivered === events) all.resolve()
    return answer
  }
  const began = performance.now()
  const logger = pino({ level: 'error' })
  const reading = await startSource({ task, topic, log, post, rules, logger })
  await all.promise
  const seconds = (performance.now() - began) / 1000
  await reading.close()
  return seconds
}
