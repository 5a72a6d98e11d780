// Common parts of the benches that deliver events from the embedded log to a function in a process of its own.
import { join } from 'node:path'
import { pino } from 'pino'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { rules } from '#kit/delivery-rules.ts'
import { FunctionProcess } from '../../local/knative/function-process.ts'
import { makeSubmission, topic } from '../../test/log/submission.fixture.ts'

export const openLog = (folder: string): Promise<SqliteLog> =>
  SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))

/** Appends `count` events with the ids `<prefix>0`, `<prefix>1`, … */
export async function appendMany(log: SqliteLog, count: number, prefix: string): Promise<void> {
  // A log takes at most 10,000 pending appends.
  for (let first = 0; first < count; first += 10_000) {
    const length = Math.min(10_000, count - first)
    const ids = Array.from({ length }, (_, n) => `${prefix}${first + n}`)
    await Promise.all(ids.map((id) => log.append(topic, makeSubmission(id))))
  }
}

interface FunctionOptions {
  name: string
  server?: 'waiting-server.ts' | 'hanging-server.ts'
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
    env: {},
    idle: 600_000,
    connections,
    timeout: rules.timeout,
    logger: pino({ level: 'fatal' }),
  })
}
