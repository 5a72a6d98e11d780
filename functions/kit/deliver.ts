// The core: one delivery of one event to one task, free of any runtime. Publishes first, acknowledges after.
import type { Logger } from 'pino'
import { type Draft, type FormEvent, toEvent } from '#kafka/event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import type { Closable, Task } from './define-task.ts'
import { Rejected, RetryLater } from './errors.ts'
import { toSubmitted } from './foreign.ts'
import type { Form } from './forms/form.ts'

export type Publish = (event: FormEvent) => Promise<void>

export interface Runtime {
  forms: { get(id: string): Form | undefined }
  clients: Closable
  publish: Publish
  log: Logger
}

/** Resolves when the event is handled or is none of the task's. Throws `Rejected`, `RetryLater` or a fault. */
export async function deliver(task: Task, posted: FormEvent, runtime: Runtime): Promise<void> {
  const event = task.on.type === submissionSubmitted.type ? toSubmitted(posted) : posted
  if (event.type !== task.on.type) return
  const form = formOf(event, runtime)
  const options = form.tasks[task.name] ?? (task.everyForm ? task.options.parse({}) : undefined)
  if (options === undefined) return
  const given = {
    event: event.cloneWith({ data: dataOf(task, event) }, false) as FormEvent,
    form,
    options,
    clients: runtime.clients,
    log: runtime.log,
  }
  const drafts = await task.handle(given)
  const events = drafts.map((draft, index) => follow(task, event, draft, index))
  await Promise.all(events.map((next) => publish(next, runtime)))
}

function formOf(event: FormEvent, { forms }: Runtime): Form {
  if (typeof event.form !== 'string')
    throw new Rejected('Expected the extension "form", found none')
  const form = forms.get(event.form)
  // A mounted form may lag behind its first event.
  if (!form) throw new RetryLater(`Form "${event.form}" is not known here yet`)
  return form
}

function dataOf(task: Task, event: FormEvent): unknown {
  const result = task.on.data.safeParse(event.data)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Rejected(`Expected the data of ${task.on.type}, found ${problems.join('; ')}`)
}

/** The id derives from the cause, so a redelivery repeats it and every reader can drop repeats. */
function follow(task: Task, cause: FormEvent, draft: Draft, index: number): FormEvent {
  draft.of.data.parse(draft.data)
  return toEvent(draft, {
    id: `${cause.id}.${task.name}.${index}`,
    source: `/tasks/${task.name}`,
    subject: cause.subject ?? cause.id,
    time: cause.time ?? new Date(0).toISOString(),
    form: cause.form,
    traceparent: cause.traceparent,
  })
}

async function publish(event: FormEvent, runtime: Runtime): Promise<void> {
  try {
    await runtime.publish(event)
  } catch (cause) {
    if (cause instanceof Rejected) throw cause
    throw new RetryLater(`Could not publish ${event.type}`, { cause })
  }
}
