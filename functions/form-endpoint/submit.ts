// Accepts one submission: checks the answers against the form, makes the id, and appends the event.
import { toKeyedMessage } from '#kafka/binary-mode.ts'
import { toEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import { signatureOf } from '#kit/door-signature.ts'
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
}

export interface Submitting {
  log: Pick<Log, 'append'>
  /** The secret with which events are signed; undefined: they are not signed. */
  secret: string | undefined
}

/** Resolves with the submission's id once its event is durable. */
export async function submit({ log, secret }: Submitting, submission: Submission): Promise<string> {
  const { form, key, time, traceparent } = submission
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
  await log.append(submissionSubmitted.topic.name, signed)
  return id
}
