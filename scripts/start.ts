// `npm start`: everything on this machine as one process tree. This process owns the log, answers people, and delivers.
import './exit-on-error.ts'
import { getCompileCacheDir } from 'node:module'
import { join, resolve } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { readConfig } from '#kit/config.ts'
import { factsOf } from '#kit/error-facts.ts'
import { findTasks, knownTasks } from '#kit/find-tasks.ts'
import { problemText } from '#kit/forms/files/form-file.ts'
import { loadForms } from '#kit/forms/forms.ts'
import { backlog, drain } from '#kit/listen.ts'
import { createLogger } from '#kit/logger.ts'
import { processRegistry } from '#kit/metrics/process.ts'
import { logWarnings } from '#kit/start-up.ts'
import { buildApp } from '../functions/form-endpoint/app.ts'
import { guardedLog } from '../functions/form-endpoint/guarded-log.ts'
import { signedLog } from '../functions/form-endpoint/signed-log.ts'
import { expectFree } from '../local/kafka/free-ports.ts'
import { keepChecked } from '../local/knative/checked-forms.ts'
import { addConsumers } from '../local/knative/consumers.ts'
import { addControl } from '../local/knative/control.ts'
import { announce, newToken, withdraw } from '../local/knative/instance.ts'
import { addConsumerUp, addLag, addLettersWaiting, addOldest } from '../local/knative/lag.ts'
import { buildPlatform } from '../local/knative/platform.ts'
import { watchRetention } from '../local/knative/retention-watch.ts'
import { openDataFolder } from './start/data-folder.ts'
import { doorSecret } from './start/door-secret.ts'
import { Environment } from './start/environment.ts'
import { functionEnvironment } from './start/function-environment.ts'
import { openLog } from './start/open-log.ts'
import { greet } from './start/print-addresses.ts'
import { startEmulator } from './start/sheets-emulator.ts'

const env = readConfig(Environment, process.env)
const dataDir = resolve(env.DATA_DIR)
const formsDir = resolve(env.FORMS_DIR)
const logger = await createLogger(env.LOG_LEVEL)
logWarnings(logger)

for (const problem of await openDataFolder(dataDir)) logger.warn(problem)
const tasks = await findTasks()
// What is set wrong for a task is said now, not with its first event.
for (const task of tasks) readConfig(task.config, process.env)
const log = await openLog(dataDir, tasks)
const { HOST: host, PORT: port } = env
await expectFree([{ host, port, who: 'the endpoint' }], 'PORT says another')
const secret = env.DOOR_SECRET ?? (await doorSecret(dataDir))
const checkedDir = resolve(env.FORMS_CHECKED_DIR ?? join(dataDir, 'checked-forms'))
const forms = await loadForms(formsDir, {
  knownTasks: knownTasks(tasks),
  checkedIn: checkedDir,
  onError: (problem) => logger.error(problemText(problem)),
  onChange: keepCopies,
})
await keepCopies()

async function keepCopies(): Promise<void> {
  await keepChecked(checkedDir, formsDir, forms.all()).catch((error) =>
    logger.error(`Expected to keep copies of the forms in ${checkedDir}, found: ${error.message}`),
  )
}

const emulator =
  env.GOOGLE_APPLICATION_CREDENTIALS || env.SHEETS_ROOT_URL
    ? undefined
    : await startEmulator(process.env, dataDir, logger)
const sheets = emulator?.url

const own = {
  DATA_DIR: dataDir,
  FORMS_DIR: formsDir,
  FORMS_CHECKED_DIR: checkedDir,
  LOG_LEVEL: env.LOG_LEVEL,
  DOOR_SECRET: secret,
  // Functions have ports of their own here, that only this machine reaches.
  METRICS_PORT: undefined,
  NODE_COMPILE_CACHE: getCompileCacheDir(),
}
const token = newToken()
const platform = buildPlatform({
  log,
  tasks,
  env: ({ config }) => functionEnvironment({ config, set: process.env, own, emulator: sheets }),
  token,
  idle: env.IDLE_SECONDS * 1000,
  logger,
})
addControl(platform, log)
addConsumers(platform)
const registry = processRegistry()
addLag(registry, platform.sources)
addConsumerUp(registry, platform.sources)
addLettersWaiting(registry, platform.sources)
addOldest(registry, platform.sources)
// The embedded log removes nothing that was not settled.
const retained = process.env.KAFKA_BROKERS ? topicsOf(declared) : []
const retention = watchRetention({ sources: platform.sources, topics: retained, logger })
const app = buildApp({
  forms,
  log: signedLog(guardedLog(log, retention.problems), secret),
  logger,
  registry,
  problems: () => ({ ...retention.problems(), ...platform.problems() }),
  notes: retention.notes,
})
const drained = drain(app)

const { close } = closeWithGrace({ delay: 40_000, logger }, async ({ err }) => {
  if (err) logger.fatal(factsOf(err), 'ends after a fault')
  await (err ? app.close() : drained())
  retention.stop()
  await platform.close()
  await emulator?.stop()
  await log.close()
  await withdraw(dataDir)
})

// npm does not pass on a SIGTERM that it gets alone: without its shell above it, this ends too.
const parent = process.ppid
if (process.env.npm_lifecycle_event === 'start') {
  setInterval(() => process.ppid !== parent && close(), 1000).unref()
}

const control = await platform.start()
const endpoint = await app.listen({ host, port, backlog })
await announce(dataDir, {
  pid: process.pid,
  endpoint,
  control,
  token,
  sheets: sheets ?? env.SHEETS_ROOT_URL?.replace(/\/$/, ''),
})
greet({ endpoint, sheets, forms: [...forms.all()], tasks, dataDir })
