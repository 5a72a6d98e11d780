// Runs everything on this machine: endpoint, event log, functions, and a Sheets emulator and a mailbox if needed.
//
//   npm start
//   npm run dev   starts it again at every change of the code
//
// docs/settings.md lists its settings.
import { getCompileCacheDir } from 'node:module'
import { join, resolve } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { Registry } from 'prom-client'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { checkConfigs, readConfig } from '#kit/config.ts'
import { factsOf } from '#kit/error-facts.ts'
import { createLogger } from '#kit/logger.ts'
import { logWarnings } from '#kit/start-up.ts'
import { statusFile } from '#kit/status/sqlite/rows.ts'
import { expectFree } from '../local/free-ports.ts'
import {
  newToken,
  removeInstanceFile,
  writeInstanceFile,
} from '../local/knative/control/instance-file.ts'
import { addControl } from '../local/knative/control/routes.ts'
import { buildPlatform } from '../local/knative/platform.ts'
import { addSourceMetrics } from '../local/knative/source/metrics.ts'
import { watchRetention } from '../local/knative/source/retention-watch.ts'
import { parseCommand } from './parse-command.ts'
import { functionEnvironment } from './start/child-environment.ts'
import { openDataFolder } from './start/data-folder.ts'
import { Environment } from './start/environment.ts'
import { expectCredentials } from './start/google-credentials.ts'
import { keptSecret } from './start/kept-secret.ts'
import { type Mailbox, prepareMailbox, sendsMails } from './start/mailbox.ts'
import { openLog, shareLog } from './start/open-log.ts'
import { printAddresses } from './start/print-addresses.ts'
import { startEmulator } from './start/sheets-emulator.ts'
import { startDoor } from './start/start-door.ts'
import { tasksHere } from './start/tasks-here.ts'

parseCommand({})
const tasks = await tasksHere(process.env)
// A wrong setting of a task fails the start, not the first event of the task.
checkConfigs([Environment, KafkaEnvironment, ...tasks.map(({ config }) => config)], process.env)
const env = readConfig(Environment, process.env)
await expectCredentials(env.GOOGLE_APPLICATION_CREDENTIALS)
const { HOST: host, PORT: port } = env
const dataDir = resolve(env.DATA_DIR)
const formsDir = resolve(env.FORMS_DIR)
const checkedDir = resolve(env.FORMS_CHECKED_DIR ?? join(dataDir, 'checked-forms'))
const logger = await createLogger(env.LOG_LEVEL)
logWarnings(logger)

for (const problem of await openDataFolder(dataDir)) logger.warn(problem)
const log = await openLog(dataDir, tasks)
await expectFree([{ host, port, who: 'the endpoint' }], 'choose another with PORT')
const secret = env.DOOR_SECRET ?? (await keptSecret(dataDir, 'door-secret'))
const secrets = env.FORM_SECRET ?? [await keptSecret(dataDir, 'form-secret')]

const withoutEmulator = env.GOOGLE_APPLICATION_CREDENTIALS || env.SHEETS_ROOT_URL
const emulator = withoutEmulator ? undefined : await startEmulator(process.env, dataDir, logger)
const withoutMailbox = env.SMTP_URL || !tasks.some(sendsMails)
const prepared = withoutMailbox ? undefined : await prepareMailbox(process.env, dataDir, logger)
let mailbox: Mailbox | undefined

const decided = {
  DATA_DIR: dataDir,
  FORMS_DIR: formsDir,
  FORMS_CHECKED_DIR: checkedDir,
  LOG_LEVEL: env.LOG_LEVEL,
  DOOR_SECRET: secret,
  // Each function has its own port, which only this machine can reach; its metrics are there too.
  METRICS_PORT: undefined,
  NODE_COMPILE_CACHE: getCompileCacheDir(),
}
const token = newToken()
const platform = buildPlatform({
  log,
  tasks,
  env: async (task) =>
    functionEnvironment({
      config: task.config,
      environment: process.env,
      decided,
      emulator: emulator?.url,
      smtp: sendsMails(task) ? await prepared?.smtp() : undefined,
    }),
  token,
  idle: env.IDLE_SECONDS * 1000,
  logger,
})
addControl(platform, log)

const registry = new Registry()
addSourceMetrics(registry, platform.sources)
// Only Kafka removes events that a task has not handled yet; the embedded log keeps them.
const retained = readConfig(KafkaEnvironment, process.env).KAFKA_BROKERS ? topicsOf(declared) : []
const retention = watchRetention({ sources: platform.sources, topics: retained, logger })
const door = await startDoor({
  log: shareLog(log),
  formsDir,
  checkedDir,
  dataDir,
  secret,
  secrets,
  statusFile: tasks.some(({ name }) => name === 'receipts') ? join(dataDir, statusFile) : undefined,
  registry,
  state: () => ({
    problems: platform.problems(),
    refusals: retention.problems(),
    notes: retention.notes(),
  }),
})

async function end(): Promise<void> {
  prepared?.giveUp()
  await door.close()
  retention.stop()
  await platform.close()
  await emulator?.stop()
  await mailbox?.stop()
  await log.close()
  await removeInstanceFile(dataDir)
}

// A signal, and the end of the shell below, may both ask for it.
let ended: Promise<void> | undefined
const { close } = closeWithGrace({ delay: 40_000, logger }, async ({ err }) => {
  if (err) logger.fatal(factsOf(err), 'ends after a fault')
  ended ??= end()
  await ended
})

// npm does not pass on a SIGTERM that only npm receives: this process closes when the shell that npm started is gone.
const parent = process.ppid
if (process.env.npm_lifecycle_event === 'start') {
  setInterval(() => process.ppid !== parent && close(), 1000).unref()
}

const control = await platform.start()
const { endpoint, forms } = await door.open()
const sheets = emulator?.url ?? env.SHEETS_ROOT_URL?.replace(/\/$/, '')
mailbox = await prepared?.start()
const { pid } = process
const mails = mailbox?.url
const smtp = mailbox?.smtp
await writeInstanceFile(dataDir, { pid, endpoint, control, token, sheets, mails, smtp })
printAddresses({ endpoint, sheets: emulator?.url, mails, forms, tasks, dataDir })
