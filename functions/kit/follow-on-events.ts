// What follows an event: takes over its attributes, and is published under an id that derives from it.
import type * as z from 'zod'
import { type Draft, type FormEvent, toEvent } from '#kafka/define-event.ts'
import type { Cause, Emit } from './define-task.ts'
import { Rejected, RetryLater } from './errors.ts'

export type Publish = (event: FormEvent) => Promise<void>

export const causeOf = ({ id, subject, time, form, traceparent }: FormEvent): Cause => ({
  id,
  subject: subject ?? id,
  time: time ?? new Date(0).toISOString(),
  form,
  ...(traceparent && { traceparent }),
})

export const emitter =
  (task: string, publish: Publish): Emit =>
  async (cause, drafts) => {
    const events = drafts.map((draft, index) => follow(task, cause, draft, index))
    await Promise.all(events.map((event) => publishOrRetry(event, publish)))
  }

/** The id derives from the cause, so a redelivery repeats it and every reader can drop repeats. */
function follow(task: string, cause: Cause, draft: Draft, index: number): FormEvent {
  const result = draft.of.data.safeParse(draft.data)
  // Its data may hold answers: only where it is wrong is said.
  if (!result.success) throw new Rejected(wrongDraft(draft.of.type, result.error))
  return toEvent(draft, {
    id: `${cause.id}.${task}.${index}`,
    source: `/tasks/${task}`,
    subject: cause.subject,
    time: cause.time,
    form: cause.form,
    traceparent: cause.traceparent,
  })
}

function wrongDraft(type: string, { issues }: z.ZodError): string {
  const found = issues.map(({ path, code }) => `${path.join('.') || 'data'} (${code})`)
  return `Expected the task to emit ${type} with data of its schema, found it wrong at ${found.join(', ')}`
}

async function publishOrRetry(event: FormEvent, publish: Publish): Promise<void> {
  try {
    await publish(event)
  } catch (cause) {
    if (cause instanceof Rejected) throw cause
    throw new RetryLater(`Could not publish ${event.type}`, { cause })
  }
}
