// Plain records: records without CloudEvent headers, which a KafkaSource wraps in an event of its own type. On forms.submitted they
// are submissions of other producers. This is part of the kit, not of validation: every task on that topic receives them.
import { hash } from 'node:crypto'
import { type FormEvent, toEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import { Rejected } from './errors.ts'

/** Type of the event in which a KafkaSource wraps a plain record. */
export const plainRecordType = 'dev.knative.kafka.event'

/**
 * Turns a plain record into a submission; returns any other event unchanged. The record's header `form` names the form. Without
 * the header, the member `form` of the JSON body does, and the other members are the answers.
 */
export function toSubmitted(event: FormEvent): FormEvent {
  if (event.type !== plainRecordType) return event
  const { form, answers } = read(event)
  const id = idOf(event)
  return toEvent(submissionSubmitted({ answers }), {
    id,
    source: event.source,
    subject: id,
    // readEvent refuses events without a time.
    time: event.time as string,
    form,
  }) as FormEvent
}

function read(event: FormEvent): { form: string; answers: Record<string, unknown> } {
  const answers = bodyOf(event.data)
  const { kafkaheaderform: header } = event
  if (typeof header === 'string' && header) return { form: header, answers }
  const { form, ...others } = answers
  if (typeof form === 'string' && form) return { form, answers: others }
  throw new Rejected('Expected a record header "form" or a member "form" of the body, found none')
}

/** The data is text if the record has no content type. */
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
 * A UUIDv8 (RFC 9562) from the position and time of the record, so that a redelivery is the same submission. The position is in
 * the id of the wrapping event. After a replay, the `knativekafka*` extensions name the position in the dead letters instead.
 */
function idOf({ source, id, time }: FormEvent): string {
  const hex = hash('sha256', JSON.stringify([source, id, time]), 'hex')
  const variant = '89ab'[Number.parseInt(hex[16] as string, 16) % 4]
  const end = `${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${end}`
}
