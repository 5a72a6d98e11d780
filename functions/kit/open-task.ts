// A task with all that its deliveries need, from the environment: forms, clients, the sink it publishes to. Free of any runtime.
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import * as z from 'zod'
import type { FormEvent } from '#kafka/define-event.ts'
import { readConfig } from './config.ts'
import type { AnyTask } from './define-task.ts'
import { deliver, optionsOf } from './deliver.ts'
import { emitter } from './follow-on-events.ts'
import { problemText } from './forms/files/form-file.ts'
import { formNotes } from './forms/form-notes.ts'
import { formsConfig, loadForms } from './forms/forms.ts'
import { InstanceConfig } from './http/same-machine.ts'
import { senderToken } from './http/sender-token.ts'
import { createLogger, LogLevel } from './logger.ts'
import { countDeliveries } from './metrics/deliveries.ts'
import { publisher } from './publish.ts'
import { Waiting } from './wrong-form-slots.ts'

export const TaskConfig = z.object({
  /** A SinkBinding sets it a moment after a Service is there for the first time: a process without it waits for its end. */
  K_SINK: z
    .url({ protocol: /^http$/, error: 'expected the http URL of the topic to publish to' })
    .optional()
    .describe(
      'URL that events are published to. `npm start` or, in a cluster, a SinkBinding sets it',
    ),
  ...InstanceConfig.shape,
  ...formsConfig,
  LOG_LEVEL: LogLevel,
})

export interface OpenTask {
  /** Throws `Rejected`, `RetryLater` or a fault. */
  deliver: (event: FormEvent) => Promise<void>
  /** True, or why deliveries cannot succeed now. */
  ready: () => true | string
  /** What an operator should know though they succeed. */
  notes: () => Record<string, string>
  registry: () => Promise<Registry>
  log: Logger
  /** After the deliveries in flight. */
  close: () => Promise<void>
}

/** `quiet`: another process says what is wrong with the forms. */
export async function openTask(
  task: AnyTask,
  environment: Record<string, string | undefined>,
  { quiet = false } = {},
): Promise<OpenTask> {
  const config = readConfig(TaskConfig, environment)
  const own = readConfig(task.config, environment)
  const log = await createLogger(config.LOG_LEVEL, { task: task.name })
  const forms = await loadForms(config.FORMS_DIR, {
    // A form that clashes with another keeps the version that all processes serve.
    knownTasks: { [task.name]: { options: task.options, clash: task.clash } },
    others: 'unchecked',
    checkedIn: config.FORMS_CHECKED_DIR,
    onError: quiet ? undefined : (problem) => log.error(problemText(problem)),
  })
  const { publish, problem, close } = publisher(config.K_SINK, senderToken(config.INSTANCE_TOKEN))
  if (problem) log.warn(problem)
  const clients = await task.connect(own, {
    log,
    emit: emitter(task.name, publish),
    optionsOf: (form) => optionsOf(task, forms.get(form)),
  })
  const runtime = { forms, clients, publish, log, waiting: new Waiting() }
  const deliveries = countDeliveries(task.name, forms)
  return {
    deliver: deliveries.counted((event) => deliver(task, event, runtime)),
    ready: () => problem ?? clients.problem?.() ?? true,
    notes: () => ({ ...formNotes(forms.problems()), ...clients.notes?.() }),
    registry: deliveries.registry,
    log,
    async close() {
      await clients.close?.()
      forms.close()
      close()
    },
  }
}
