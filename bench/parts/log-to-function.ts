// Common parts of the benches that deliver events from the embedded log to a function in a process of its own.
import { join } from 'node:path'
import { pino } from 'pino'
import type { KeyedMessage } from '#kafka/binary-mode.ts'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import { FunctionProcess } from '../../local/knative/function-process.ts'
import { startSource } from '../../local/knative/source/source.ts'
import { makeSubmission, topic } from '../../test/log/submission.fixture.ts'

export const openLog = (folder: string): Promise<SqliteLog> =>
  SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))

export const ofForm = (form: string, id: string): KeyedMessage => makeSubmission(id, id, form)

/** Appends `count` events with the ids `<prefix>0`, `<prefix>1`, …, to the forms in turn. */
export async function appendMany(
  log: SqliteLog,
  count: number,
  { prefix, forms = ['demo'] }: { prefix: string; forms?: string[] },
): Promise<void> {
  // A log takes at most 10,000 pending appends.
  for (let first = 0; first < count; first += 10_000) {
    const length = Math.min(10_000, count - first)
    const events = Array.from({ length }, (_, n) =>
      ofForm(forms[n % forms.length] as string, `${prefix}${first + n}`),
    )
    await Promise.all(events.map((event) => log.append(topic, event)))
  }
}

interface FunctionOptions {
  name: string
  server?: 'waiting-server.ts' | 'hanging-server.ts' | 'faas-server.ts' | 'bare-server.ts'
  /** Milliseconds that the waiting server takes for an event. */
  wait?: number
  /** Maximum number of deliveries at once. */
  connections?: number
}

export const makeFunction = (options: FunctionOptions): FunctionProcess => {
  const { name, server = 'waiting-server.ts', wait = 0, connections = rules.inFlight } = options
  return new FunctionProcess({
    name,
    module: join(import.meta.dirname, server),
    args: [String(wait)],
    env: () => ({}),
    idle: 600_000,
    connections,
    timeout: rules.timeout,
    logger: pino({ level: 'fatal' }),
  })
}

/** Delivers the first `count` events of the topic to a function. Returns the seconds. */
export async function deliver(
  log: SqliteLog,
  to: FunctionProcess,
  { task, count }: { task: string; count: number },
): Promise<number> {
  let delivered = 0
  const all = Promise.withResolvers<void>()
  const post = async (headers: Record<string, string>, body: string | Buffer) => {
    const answer = await to.post(headers, body)
    if (answer.status >= 300) all.reject(new Error(`Expected 2xx, found ${answer.status}`))
    if (++delivered === count) all.resolve()
    return answer
  }
  const began = performance.now()
  const logger = pino({ level: 'error' })
  const reading = await startSource({ task, topics: [topic], log, post, rules, logger })
  await all.promise
  const seconds = (performance.now() - began) / 1000
  await reading.close()
  return seconds
}
