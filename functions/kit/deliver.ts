// The core: one delivery of one event to one task, free of any runtime. Publishes first, acknowledges after.
import type { Logger } from 'pino'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import type { Closable, Task } from './define-task.ts'
import { Rejected, RetryLater } from './errors.ts'
import { boundedTime } from './event-time.ts'
import { causeOf, emitter, type Publish } from './follow-on-events.ts'
import type { Form } from './forms/form.ts'
import type { Forms } from './forms/load-forms.ts'
import { pingType } from './ping.ts'
import { foreignType, toSubmitted } from './plain-record.ts'
import { shown } from './printable.ts'
import type { Waiting } from './wrong-form-slots.ts'

export interface Runtime {
  forms: Pick<Forms, 'get'> & Partial<Pick<Forms, 'wrong'>>
  clients: Closable
  publish: Publish
  log: Logger
  /** The events that wait for a form that is wrong. Without it as many wait as come. */
  waiting?: Waiting
}

/** `skipped`: an event of another type, or of a form that does not list the task. */
export type Done = 'done' | 'skipped'

/** Throws `Rejected`, `RetryLater` or a fault. */
export async function deliver(task: Task, posted: FormEvent, runtime: Runtime): Promise<Done> {
  if (posted.type === pingType) return tick(task, runtime)
  const event = task.on.type === submissionSubmitted.type ? toSubmitted(posted) : posted
  if (event.type === foreignType) {
    throw new Rejected(`Expected events on ${task.on.topic.name}, found a record that is no event`)
  }
  if (event.type !== task.on.type) return 'skipped'
  const form = formOf(event, runtime)
  const options = optionsOf(task, form)
  if (options === undefined) return 'skipped'
  const time = boundedTime(event.time)
  const cause = { ...causeOf(event), time }
  const given = {
    event: event.cloneWith({ time, data: dataOf(task, event) }, false) as FormEvent,
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

function formOf(event: FormEvent, { forms, waiting }: Runtime): Form {
  if (typeof event.form !== 'string')
    throw new Rejected('Expected the extension "form", found none')
  const form = forms.get(event.form)
  if (form) {
    waiting?.done(event.id)
    return form
  }
  if (forms.wrong?.(event.form)) throw untilMended(event, waiting)
  const message = `Form "${shown(event.form)}" is not known here`
  // A mounted form may lag behind its first event, at the start behind all of them.
  // One that is still to come is as old as it is ahead: else it would be waited for until its time has come.
  const age = Math.abs(Date.now() - Date.parse(event.time ?? ''))
  const young = age < lag || process.uptime() * 1000 < lag
  throw young ? new RetryLater(`${message} yet`) : new Rejected(message)
}

/** What was accepted stays accepted while the file of its form is wrong; beyond some that wait, it is replayed then. */
function untilMended({ form, id }: FormEvent, waiting?: Waiting): Error {
  const message = `The file of the form "${shown(form)}" is wrong, and no good version of it is known here`
  if (waiting?.admit(id) === false) {
    return new Rejected(`${message}, and too many wait for it: replay this once it is mended`)
  }
  return new RetryLater(`${message}: waits until it is mended`)
}

/**
 * Milliseconds that a form may come later than its events. An event that waits holds a slot of its task, so what waits for a form
 * that is gone would hold up all other forms: it is a dead letter, and replayed once the form is back.
 */
const lag = 120_000

function dataOf(task: Task, event: FormEvent): unknown {
  const result = task.on.data.safeParse(event.data)
  if (result.success) return result.data
  const problems = result.error.issues.map(
    ({ path, message }) => `${shown(path.join('.'))}: ${message}`,
  )
  throw new Rejected(`Expected the data of ${task.on.type}, found ${problems.join('; ')}`)
}
