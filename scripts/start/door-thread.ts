// The form endpoint of `npm start`, in a thread of its own: while the main thread delivers a backlog, people wait no longer.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { AggregatorRegistry, type Registry } from 'prom-client'
import { submitted } from '#kafka/events.ts'
import { readConfig } from '#kit/config.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { backlog, drain } from '#kit/listen.ts'
import { createLogger } from '#kit/logger.ts'
import { logWarnings } from '#kit/start-up.ts'
import { SqliteStatusReader } from '#kit/status/sqlite/read-status.ts'
import { buildApp } from '../../functions/form-endpoint/app.ts'
import type { DoorData, FromDoor, SourceState, ToDoor } from './door-messages.ts'
import { Environment } from './environment.ts'
import { guardedLog } from './guarded-log.ts'
import { openForms } from './open-forms.ts'
import { joinLog } from './open-log.ts'

const main = parentPort as MessagePort
const door = workerData as DoorData
const { log: shared, formsDir, checkedDir, dataDir, secret, secrets, statusFile } = door
const settings = readConfig(Environment, process.env)
const { HOST: host, PORT: port, LOG_LEVEL, LIST_FORMS: listForms } = settings
const logger = await createLogger(LOG_LEVEL)
logWarnings(logger)
const forms = await openForms({ formsDir, checkedDir }, await findTasks(), logger)
const { log, spool } = await joinLog(shared, [submitted], logger)

const status = statusFile === undefined ? undefined : new SqliteStatusReader(statusFile)

let state: SourceState = { problems: {}, refusals: {}, notes: {} }
const sourcesRun = Promise.withResolvers<void>()
const waitingForMetrics: ((metrics: object[]) => void)[] = []

async function otherMetrics(): Promise<Registry> {
  const answered = new Promise<object[]>((resolve) => waitingForMetrics.push(resolve))
  post({ askMetrics: true })
  return AggregatorRegistry.aggregate([await answered]) as Registry
}

const app = buildApp({
  forms,
  log: guardedLog(log, () => state.refusals),
  spool,
  secret,
  secrets,
  listForms,
  protect: { settings, dataDir },
  status,
  logger,
  otherMetrics,
  problems: () => ({ ...state.refusals, ...state.problems }),
  notes: () => state.notes,
})
const drained = drain(app)

main.on('message', async (message: ToDoor) => {
  if ('state' in message) {
    state = message.state
    sourcesRun.resolve()
  }
  if ('metrics' in message) {
    for (const resolve of waitingForMetrics.splice(0)) resolve(message.metrics)
  }
  if ('drain' in message) {
    await drained()
    forms.close()
    await log.close()
    status?.close()
    // Ends this thread only. It does not wait for sockets that a library left open.
    process.exit()
  }
})

post({ ready: true })
await sourcesRun.promise
const endpoint = await app.listen({ host, port, backlog })
const served = forms.all().map(({ id, tasks }) => ({ id, tasks: Object.keys(tasks) }))
post({ listening: { endpoint, forms: served } })

function post(message: FromDoor): void {
  main.postMessage(message)
}
