// A record that is no CloudEvent, as a KafkaSource wraps it: on the topic of submissions it is a submission.
import { hash } from 'node:crypto'
import { type FormEvent, toEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import { Rejected } from './errors.ts'

export const foreignType = 'dev.knative.kafka.event'

/**
 * Its form is the record's header `form`, or else the member `form` of its JSON body; all else in the body is answers.
 * Any other event stays as it is.
 */
export function toSubmitted(event: FormEvent): FormEvent {
  if (event.type !== foreignType) return event
  const { form, answers } = read(event)
  const id = idOf(event)
  return toEvent(submissionSubmitted({ answers }), {
    id,
    source: event.source,
    subject: id,
    // An event without a time is refused where it is read.
    time: event.time as string,
    form,
  }) as FormEvent
}

function read(event: FormEvent): { form: string; answers: Record<string, unknown> } {
  const answers = bodyOf(event.data)
  const { kafkaheaderform: named } = event
  if (typeof named === 'string' && named) return { form: named, answers }
  const { form, ...others } = answers
  if (typeof form === 'string' && form) return { form, answers: others }
  throw new Rejected('Expected a record header "form" or a member "form" of the body, found none')
}

/** A record that names no content type has its body handed over as text. */
function bodyOf(data: unknown): Record<string, unknown> {
  const body = typeof data === 'string' ? parse(data) : data
  if (typeof body === 'object' && body && !Array.isArray(body)) return { ...body }
  throw new Rejected('Expected a JSON object as the body of the record, found something else')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * A UUIDv8 (RFC 9562) from where and when the record stands, so that a redelivery is the same submission.
 * The id of the event says partition and offset; the extensions that do so are those of the dead letters after a replay.
 */
function idOf({ source, id, time }: FormEvent): string {
  const hex = hash('sha256', JSON.stringify([source, id, time]), 'hex')
  const variant = '89ab'[Number.parseInt(hex[16] as string, 16) % 4]
  const end = `${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${end}`
}
