// Follow-on events: the events that a task emits. They take attributes and id from the event that caused them.
import type * as z from 'zod'
import { type Draft, type FormEvent, toEvent } from '#kafka/define-event.ts'
import type { Cause, Emit } from './define-task.ts'
import { Rejected, RetryLater } from './errors.ts'

export type Publish = (event: FormEvent) => Promise<void>

export const causeOf = ({ id, subject, time, form, traceparent }: FormEvent): Cause => ({
  id,
  subject: subject ?? id,
  time: boundedTime(time),
  form,
  ...(traceparent && { traceparent }),
})

/** How far clocks of other machines may be ahead, ms. */
const maxSkew = 60_000

/**
 * `time`, or now if it is missing, not a date, before 1970 or in the future. Rows are ordered by this time, and clocks of other
 * producers may be wrong by years.
 */
export function boundedTime(time: string | undefined, now = Date.now()): string {
  const milliseconds = Date.parse(time ?? '')
  const possible = milliseconds > 0 && milliseconds <= now + maxSkew
  return time !== undefined && possible ? time : new Date(now).toISOString()
}

export const emitter =
  (task: string, publish: Publish): Emit =>
  async (cause, drafts, part) => {
    const name = part === undefined ? task : `${task}.${part}`
    const events = drafts.map((draft, index) =>
      followOnEvent(draft, { task, cause, id: `${cause.id}.${name}.${index}` }),
    )
    await Promise.all(events.map((event) => publishOrRetry(event, publish)))
  }

/** `id` derives from the cause: a redelivery repeats it, so that readers can drop repeats. */
function followOnEvent(
  draft: Draft,
  { task, cause, id }: { task: string; cause: Cause; id: string },
): FormEvent {
  const result = draft.of.data.safeParse(draft.data)
  if (!result.success) throw new Rejected(wrongDraft(draft.of.type, result.error))
  return toEvent(draft, {
    id,
    source: `/tasks/${task}`,
    subject: cause.subject,
    time: cause.time,
    form: cause.form,
    traceparent: cause.traceparent,
  })
}

/** Paths and codes only: zod's messages may quote answers. */
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
