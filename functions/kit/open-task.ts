// Opens a task from the environment with everything that its deliveries need: forms, clients and the sink.
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import * as z from 'zod'
import type { FormEvent } from '#kafka/define-event.ts'
import { readConfig } from './config.ts'
import type { AnyTask } from './define-task.ts'
import { deliver, type Outcome, optionsOf } from './deliver.ts'
import { openLedger } from './effects/open-ledger.ts'
import type { EffectStore } from './effects/port.ts'
import { emitter } from './follow-on-events.ts'
import { formNotes, problemText } from './forms/form-problems.ts'
import { formsConfig, loadForms } from './forms/load-forms.ts'
import { senderToken } from './http/sender-token.ts'
import { createLogger } from './logger.ts'
import { countDeliveries } from './metrics/deliveries.ts'
import { nothingToPublish, publisher } from './publish.ts'
import { INSTANCE_TOKEN, K_SINK, LOG_LEVEL } from './settings.ts'
import { WrongFormSlots } from './wrong-form-slots.ts'

export const TaskConfig = z.object({ K_SINK, INSTANCE_TOKEN, ...formsConfig, LOG_LEVEL })

export interface OpenTask {
  /** Throws `Rejected`, `RetryLater` or, for a fault, any other error. */
  deliver: (event: FormEvent) => Promise<Outcome>
  /** True, or why deliveries cannot succeed now. */
  ready: () => true | string
  /** Notes for operators, by subject. Deliveries succeed nevertheless. */
  notes: () => Record<string, string>
  registry: () => Promise<Registry>
  log: Logger
  /** Call it when no delivery is in flight. */
  close: () => Promise<void>
}

interface OpenOptions {
  /** Do not log errors in form files, as another process does. */
  quiet?: boolean
  /** The ledger of effects, in place of the one that the environment names. */
  effects?: EffectStore | undefined
}

export async function openTask(
  task: AnyTask,
  environment: Record<string, string | undefined>,
  { quiet = false, effects }: OpenOptions = {},
): Promise<OpenTask> {
  const config = readConfig(TaskConfig, environment)
  const taskConfig = readConfig(task.config, environment)
  const log = await createLogger(config.LOG_LEVEL, { task: task.name })
  const forms = await loadForms(config.FORMS_DIR, {
    // `clash`, so that all processes serve the same version of forms that clash.
    knownTasks: { [task.name]: { options: task.options, clash: task.clash } },
    others: 'unchecked',
    checkedIn: config.FORMS_CHECKED_DIR,
    onError: quiet ? undefined : (problem) => log.error(problemText(problem)),
  })
  const { publish, problem, close } =
    task.emits.length > 0
      ? publisher(config.K_SINK, senderToken(config.INSTANCE_TOKEN))
      : nothingToPublish
  if (problem) log.warn(problem)
  const clients = await task.connect(taskConfig, {
    log,
    emit: emitter(task.name, publish),
    optionsOf: (form) => optionsOf(task, forms.get(form)),
    formOf: (form) => forms.get(form),
  })
  const ledger = await openLedger(task, { config: taskConfig, store: effects, log })
  const runtime = { forms, clients, publish, ledger, log, wrongFormSlots: new WrongFormSlots() }
  const deliveries = countDeliveries(task.name, forms)
  return {
    deliver: deliveries.counted((event) => deliver(task, event, runtime)),
    ready: () => problem ?? clients.problem?.() ?? ledger?.store.problem() ?? true,
    notes: () => ({ ...formNotes(forms.problems()), ...clients.notes?.() }),
    registry: deliveries.registry,
    log,
    async close() {
      await clients.close?.()
      await ledger?.store.close()
      forms.close()
      await close()
    },
  }
}
