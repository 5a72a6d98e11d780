// Declares events and topics. An event is a fact in the past tense, with a type, a schema of its data, and a topic.
import type { CloudEventV1 } from 'cloudevents'
import type * as z from 'zod'

export interface Topic {
  name: string
  partitions: number
  /**
   * By default events with the same `partitionkey` share a partition and keep their order. 'none': on Kafka they go to whichever
   * partition the next batch is for, which costs brokers a fraction (docs/adr/0015).
   */
  order?: 'none'
  /**
   * Events older than `days` are deleted (null: never). The embedded log also refuses appends above `bytes`, or above the part
   * `formShare` of it (0 to 1) for one form; Kafka deletes by age only.
   */
  retention: { days: number | null; bytes: number; formShare?: number }
}

/** An event without id, source and subject. Tasks return drafts; the kit derives these attributes from the cause. */
export interface Draft<Data = unknown, Type extends string = string> {
  of: { type: Type; data: z.ZodType<Data> }
  data: Data
}

export interface EventType<Data = unknown, Type extends string = string> {
  (data: Data): Draft<Data, Type>
  type: Type
  topic: Topic
  summary: string
  data: z.ZodType<Data>
}

/**
 * A CloudEvent 1.0 with the extensions of this product. `time` is when the person submitted the form. A plain object:
 * `new CloudEvent(event)` gives the SDK's class to a task that needs it.
 */
export interface FormEvent<Data = unknown> extends CloudEventV1<Data> {
  data: Data
  form: string
  partitionkey: string
  traceparent?: string
}

export const defineTopic = (topic: Topic): Topic => topic

/** `fact` is the last word of the type: `formstream.submission.<fact>`. */
export function defineEvent<Data, Fact extends string>(
  fact: Fact,
  declared: { topic: Topic; summary: string; data: z.ZodType<Data> },
): EventType<Data, `formstream.submission.${Fact}`> {
  const of: EventType<Data, `formstream.submission.${Fact}`> = Object.assign(
    (data: Data) => ({ of, data }),
    { type: `formstream.submission.${fact}` as const, ...declared },
  )
  return of
}

/** All events that a module declares. */
export const eventsOf = (declared: Record<string, unknown>): EventType[] =>
  Object.values(declared).filter((value): value is EventType => typeof value === 'function')

/** All topics that a module declares. */
export const topicsOf = (declared: Record<string, unknown>): Topic[] =>
  Object.values(declared).filter((value): value is Topic => typeof value === 'object')

interface Attributes {
  id: string
  source: string
  subject: string
  time: string
  form: string
  traceparent?: string | undefined
}

/** The partition key is the submission's id, so the events of a submission keep their order. */
export function toEvent<Data>(draft: Draft<Data>, attributes: Attributes): FormEvent<Data> {
  const { traceparent, ...required } = attributes
  return {
    specversion: '1.0',
    ...required,
    type: draft.of.type,
    datacontenttype: 'application/json',
    dataschema: `urn:formstream:schema:${draft.of.type}`,
    partitionkey: attributes.subject,
    ...(traceparent && { traceparent }),
    data: draft.data,
  }
}
