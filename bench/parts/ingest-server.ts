// The form endpoint, run by the benches as `node ingest-server.ts none|sqlite|kafka|spool|away [brokers | folder of the log] [folder of the forms]`.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { submitted } from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import { SpoolingLog } from '#kafka/log/spool/spooling-log.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { buildApp } from '../../functions/form-endpoint/app.ts'
import { openKafka } from '../../test/log/kafka-cluster.ts'

const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))

/**
 * For the cost of route and validation alone. Appends resolve in the next turn of the event loop: in the same turn, busy
 * connections would starve the others, and no log would look slower than one.
 */
const noLog: Log = {
  append: () => new Promise((resolve) => setImmediate(resolve)),
  consume: () => Promise.reject(new Error('Nothing to consume')),
  ready: () => true,
  close: async () => {},
}
const spoolBefore = (target: Log): Promise<Log> =>
  SpoolingLog.open({ folder, topic: submitted.name, maxBytes: 2 ** 32, target })

const [kind, where, formsDir = 'forms'] = process.argv.slice(2)
const logs: Record<string, () => Log | Promise<Log>> = {
  none: () => noLog,
  sqlite: () => SqliteLog.open(join(where || folder, 'log.sqlite'), topicsOf(declared)),
  kafka: () => openKafka(where as string),
  spool: async () => spoolBefore(await openKafka(where as string)),
  away: () => spoolBefore({ ...noLog, ready: () => false }),
}
const log = (await logs[kind as string]?.()) as Log

const forms = await loadForms(formsDir, { knownTasks: knownTasks(await findTasks()) })
const app = buildApp({ forms, log, logger: pino({ level: 'error' }) })
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
process.send?.({ port: typeof address === 'object' ? address?.port : undefined })

process.on('SIGTERM', async () => {
  await app.close()
  await log.close()
  await rm(folder, { recursive: true })
  process.exit()
})
process.on('disconnect', () => process.exit())
