// The process of one function: `node functions/kit/main.ts <task>`. Listens, drains on SIGTERM, exits non-zero on a crash.
import closeWithGrace from 'close-with-grace'
import * as z from 'zod'
import { readConfig } from './config.ts'
import { deliver } from './deliver.ts'
import { findTask } from './find.ts'
import { emitter } from './follow.ts'
import { problemText } from './forms/form-file.ts'
import { loadForms } from './forms/forms.ts'
import { createLogger } from './logger.ts'
import { countDeliveries } from './metrics/deliveries.ts'
import { serveMetrics } from './metrics/serve.ts'
import { publisher } from './publish.ts'
import { buildServer } from './server.ts'

const Config = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number('expected a port').int().min(0).max(65535).default(8080),
  K_SINK: z.url({ protocol: /^http$/, error: 'expected the http URL of the topic to publish to' }),
  FORMS_DIR: z.string().default('./forms'),
  LOG_LEVEL: z.string().default('info'),
})

const task = await findTask(process.argv[2] ?? '')
const config = readConfig(Config, process.env)
const log = await createLogger(config.LOG_LEVEL, { task: task.name })
const forms = await loadForms(config.FORMS_DIR, {
  knownTasks: { [task.name]: task.options },
  others: 'unchecked',
  onError: (problem) => log.error(problemText(problem)),
})
const sink = publisher(config.K_SINK)
const emit = emitter(task.name, sink.publish)
const clients = await task.connect(readConfig(task.config, process.env), log, emit)
const runtime = { forms, clients, publish: sink.publish, log }
const deliveries = countDeliveries(task.name)
const app = buildServer({
  deliver: deliveries.counted((event) => deliver(task, event, runtime)),
  ready: () => clients.problem?.() ?? true,
  notes: () => clients.notes?.() ?? {},
  log,
})
serveMetrics(app, deliveries.registry)

// On one machine the parent takes Ctrl-C, and stops its functions once their deliveries are done.
const child = process.send !== undefined
if (child) process.on('SIGINT', () => {})

const { close } = closeWithGrace(
  { delay: 25_000, logger: log, skip: child ? ['SIGINT'] : [] },
  async ({ err }) => {
    if (err) log.fatal(err)
    await app.close()
    await clients.close?.()
    sink.close()
  },
)
// On one machine the parent owns the log: without it there is nothing to do.
process.on('disconnect', () => close())

await app.listen({ host: config.HOST, port: config.PORT })
const address = app.server.address()
process.send?.({ listening: typeof address === 'object' ? address?.port : undefined })
