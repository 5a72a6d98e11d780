// Accepts one submission: checks the answers against the form, makes the id, and appends the event.
import { toKeyedMessage } from '#kafka/binary-mode.ts'
import { toEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import { signatureOf } from '#kit/door-signature.ts'
import type { Value } from '#kit/forms/field-type.ts'
import type { Form } from '#kit/forms/form.ts'
import { canonicalAnswers } from './canonical-answers.ts'
import { invalid } from './problem.ts'
import { isLegacyKey, submissionId } from './submission-id.ts'

export interface Submission {
  form: Form
  /** As they were sent. */
  answers: object
  key: string
  time: Date
  traceparent: string
  /** Decides whether `store` is called: resolves with false if it was not. Undefined for a form without protection. */
  admit?: ((checked: Checked, store: () => Promise<void>) => Promise<boolean>) | undefined
}

/** A submission whose answers fit its form. */
export interface Checked {
  id: string
  /** As the form keeps them. */
  answers: Record<string, Value>
}

export interface Submitted {
  id: string
  /** False for a submission that was dropped. */
  isStored: boolean
}

export interface Submitting {
  log: Pick<Log, 'append'>
  /** The secret with which events are signed; undefined: they are not signed. */
  secret: string | undefined
}

/** Resolves once the event of the submission is durable. */
export async function submit(
  { log, secret }: Submitting,
  submission: Submission,
): Promise<Submitted> {
  const { form, key, time, traceparent, admit } = submission
  const result = form.parse(submission.answers)
  if (!result.ok) throw invalid(result.errors)
  const canonical = isLegacyKey(key)
    ? JSON.stringify(result.answers)
    : canonicalAnswers(submission.answers)
  const id = submissionId(form.id, key, canonical)
  const draft = submissionSubmitted({ version: form.version, answers: result.answers })
  const event = toEvent(draft, {
    id,
    source: `/forms/${form.id}`,
    subject: id,
    time: time.toISOString(),
    form: form.id,
    traceparent,
  })
  const signature = secret && { doorsignature: signatureOf(event, secret) }
  const signed = toKeyedMessage({ ...event, ...signature })
  const store = () => log.append(submissionSubmitted.topic.name, signed)
  if (admit) return { id, isStored: await admit({ id, answers: result.answers }, store) }
  await store()
  return { id, isStored: true }
}
