// How an event is declared: a fact in the past tense, with its type, the schema of its data, and the topic it belongs to.
import { CloudEvent } from 'cloudevents'
import type * as z from 'zod'

export interface Topic {
  name: string
  /** Events with one `partitionkey` share a partition and keep their order. */
  partitions: number
  /**
   * What is older than `days` (null: nothing) goes; `bytes` is the most a topic may hold before appends are refused, and
   * `formShare` the part of it that one form may fill. On Kafka age alone decides.
   */
  retention: { days: number | null; bytes: number; formShare?: number }
}

/** What a task returns: an event that has no id, source or subject yet; the kit derives them from its cause. */
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

/** An event as it travels: CloudEvents 1.0 with this product's extensions. `time` is when the person submitted. */
export type FormEvent<Data = unknown> = CloudEvent<Data> & {
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

/** Gives a draft the attributes of its event. The partition key is the submission's id, so a submission keeps its order. */
export function toEvent<Data>(draft: Draft<Data>, attributes: Attributes): FormEvent<Data> {
  const { traceparent, ...given } = attributes
  return new CloudEvent<Data>({
    ...given,
    type: draft.of.type,
    datacontenttype: 'application/json',
    dataschema: `urn:formstream:schema:${draft.of.type}`,
    partitionkey: attributes.subject,
    ...(traceparent && { traceparent }),
    data: draft.data,
  }) as FormEvent<Data>
}
