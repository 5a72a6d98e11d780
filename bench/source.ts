// The local source alone: from the embedded log to a function that does nothing.
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
import { makeSubmission, topic } from '../test/log/submission.fixture.ts'
import { show, spread } from './parts/spread.ts'

const events = 20_000
const rounds = 3

export default async function source(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const logger = pino({ level: 'error' })
  const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
  await Promise.all(
    Array.from({ length: 10_000 }, (_, n) => log.append(topic, makeSubmission(`a${n}`))),
  )
  await Promise.all(
    Array.from({ length: events - 10_000 }, (_, n) => log.append(topic, makeSubmission(`b${n}`))),
  )
  const nothing = new FunctionProcess({
    name: 'nothing',
    module: join(import.meta.dirname, 'parts', 'waiting-server.ts'),
    args: [],
    env: {},
    idle: 60_000,
    connections: rules.inFlight,
    timeout: rules.timeout,
    log: logger,
  })
  const rates: number[] = []
  // The first round, which starts the process, does not count.
  for (let n = 0; n <= rounds; n++) {
    const task = `nothing-${n}`
    let [delivered, began] = [0, 0]
    const all = Promise.withResolvers<void>()
    const post = async (headers: Record<string, string>, body: string | Buffer) => {
      const answer = await nothing.post(headers, body)
      if (answer.status !== 204) all.reject(new Error(`Expected 204, found ${answer.status}`))
      if (++delivered === events) all.resolve()
      return answer
    }
    began = performance.now()
    const reading = await startSource({ task, topic, log, post, rules, logger })
    await all.promise
    if (n > 0) rates.push(events / ((performance.now() - began) / 1000))
    await reading.close()
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
