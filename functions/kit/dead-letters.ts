// Dead letters as tasks get them. On forms.dead-letter each is the event that a task did not handle, unchanged, with the failure in
// three extensions; a task that lists `submissionFailed` gets that event in its place.
import { type FormEvent, toEvent } from '#kafka/define-event.ts'
import { submissionFailed } from '#kafka/events.ts'
import { causeOf } from './follow-on-events.ts'

/** The task that a letter names in `knativeerrordest`: `http://<task>.localhost/`, `http://<task>.<namespace>.svc…/`. */
export const failedTask = (destination: unknown): string | undefined =>
  typeof destination === 'string' && URL.canParse(destination)
    ? new URL(destination).hostname.split('.')[0]
    : undefined

/** Undefined if the event is no dead letter of a known task. */
export function toFailed(letter: FormEvent): FormEvent | undefined {
  const task = failedTask(letter.knativeerrordest)
  if (task === undefined) return undefined
  const { knativeerrorcode, knativeerrordata } = letter
  const data = {
    task,
    type: letter.type,
    status: Number(knativeerrorcode ?? -1),
    reason: Buffer.from(String(knativeerrordata ?? ''), 'base64').toString(),
  }
  const cause = causeOf(letter)
  return toEvent(submissionFailed(data), { ...cause, source: letter.source }) as FormEvent
}
