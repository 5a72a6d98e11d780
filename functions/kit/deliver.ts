// The core: one delivery of one event to one task, free of any runtime. Publishes first, acknowledges after.
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import type { Closable, Task } from './define-task.ts'
import { Rejected, RetryLater } from './errors.ts'
import { causeOf, emitter, type Publish } from './follow.ts'
import { toSubmitted } from './foreign.ts'
import type { Form } from './forms/form.ts'
import { pingType } from './ping.ts'

export interface Runtime {
  forms: { get(id: string): Form | undefined }
  clients: Closable
  publish: Publish
  log: Logger
}

/** Of what is acknowledged: skipped is what is none of the task's, or what its form does not ask for. */
export type Done = 'done' | 'skipped'

/** Throws `Rejected`, `RetryLater` or a fault. */
export async function deliver(task: Task, posted: FormEvent, runtime: Runtime): Promise<Done> {
  if (posted.type === pingType) return tick(task, runtime)
  const event = task.on.type === submissionSubmitted.type ? toSubmitted(posted) : posted
  if (event.type !== task.on.type) return 'skipped'
  const form = formOf(event, runtime)
  const options = optionsOf(task, form)
  if (options === undefined) return 'skipped'
  const cause = causeOf(event)
  const given = {
    event: event.cloneWith({ data: dataOf(task, event) }, false) as FormEvent,
    cause,
    form,
    options,
    clients: runtime.clients,
    log: runtime.log,
  }
  const drafts = await task.handle(given)
  await emitter(task.name, runtime.publish)(cause, drafts)
  return 'done'
}

/** What the form says of the task; undefined where the task does not run for it. */
export function optionsOf({ name, everyForm, options }: Task, form: Form | undefined): unknown {
  if (!form) return undefined
  return form.tasks[name] ?? (everyForm ? options.parse({}) : undefined)
}

async function tick({ every }: Task, { clients, log }: Runtime): Promise<Done> {
  if (!every) return 'skipped'
  await every.handle({ clients, log })
  return 'done'
}

function formOf(event: FormEvent, { forms }: Runtime): Form {
  if (typeof event.form !== 'string')
    throw new Rejected('Expected the extension "form", found none')
  const form = forms.get(event.form)
  if (form) return form
  const message = `Form "${event.form}" is not known here`
  // A mounted form may lag behind its first event, at the start behind all of them.
  const young = Date.now() - Date.parse(event.time ?? '') < lag || process.uptime() * 1000 < lag
  throw young ? new RetryLater(`${message} yet`) : new Rejected(message)
}

/**
 * Milliseconds that a form may come later than its events. An event that waits holds a slot of its task, so what waits for a form
 * that is gone or broken would hold up all other forms: it is a dead letter, and replayed once the form is back.
 */
const lag = 120_000

function dataOf(task: Task, event: FormEvent): unknown {
  const result = task.on.data.safeParse(event.data)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Rejected(`Expected the data of ${task.on.type}, found ${problems.join('; ')}`)
}
