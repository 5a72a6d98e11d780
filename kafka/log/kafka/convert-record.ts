// CloudEvents in Kafka's binary mode (`ce_*` headers) and in HTTP's (`ce-*`), in which the log hands them out.
import { isUtf8 } from 'node:buffer'
import { CloudEvent } from 'cloudevents'
import type { IHeaders } from 'kafkajs'
import { type Message, toCloudEvent, toMessage } from '../../binary-mode.ts'
import type { FormEvent } from '../../define-event.ts'
import type { LaneRecord } from './partition-writer.ts'

export function toRecord(event: FormEvent, written?: string): LaneRecord {
  const { headers, body } = toMessage(event, 'ce_', written)
  return { key: event.partitionkey, value: body, headers }
}

export interface Received {
  topic: string
  partition: number
  offset: string
  timestamp: string
  key: Buffer | null
  value: Buffer | null
  headers: IHeaders | undefined
}

/** Kafka's binding does not encode: what HTTP could not carry is encoded here, what was encoded before stays. */
const uncarried = /[^\x20-\x7e]/gu
/** All but the characters of an HTTP header's name. No CloudEvent has such an attribute: the task refuses it, and says so. */
const uncarriedInName = /[^\w!#$%&'*+.^`|~-]/gu

const encode = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
    .join('')

/** What a KafkaSource would POST for this record: binary mode, and no body for a tombstone. Never throws. */
export function toPosted(record: Received): Message {
  const value = record.value ?? Buffer.alloc(0)
  const text = value.toString()
  const readable = isUtf8(value)
  const given = textsOf(record.headers)
  const { headers, body } =
    (readable ? fromStructured(given, text) : undefined) ??
    fromBinary(given, text) ??
    fromForeign(record, given, text)
  const carried = Object.entries(headers).map(([name, value]) => [
    name.replace(uncarriedInName, encode),
    value.replace(uncarried, encode),
  ])
  const position = {
    'ce-knativekafkapartition': String(record.partition),
    'ce-knativekafkaoffset': record.offset,
  }
  return {
    headers: { ...Object.fromEntries(carried), ...position },
    body,
    // Who is posted these refuses them, and the dead letter keeps them.
    ...(!readable && { bytes: value }),
  }
}

/** Of headers with one name the last counts; one without a value is as none. */
function textsOf(headers: IHeaders = {}): Record<string, string> {
  const texts = Object.entries(headers).flatMap(([name, value]) => {
    const last = Array.isArray(value) ? value.at(-1) : value
    return last == null ? [] : [[name.toLowerCase(), last.toString()] as const]
  })
  return Object.fromEntries(texts)
}

function fromStructured(given: Record<string, string>, text: string): Message | undefined {
  const type = given['content-type'] ?? ''
  if (!/^application\/cloudevents\+json\s*(;|$)/i.test(type)) return
  // In another charset it is refused as over HTTP.
  if (/charset=(?!"?utf-?8"?\s*(;|$))/i.test(type)) return
  try {
    return toMessage(toCloudEvent({ datacontenttype: 'application/json', ...JSON.parse(text) }))
  } catch {
    // What is none is posted as any other record.
  }
}

const required = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type']

function fromBinary(given: Record<string, string>, body: string): Message | undefined {
  if (!required.every((name) => given[name])) return
  const headers = Object.entries(given)
    .filter(([name]) => name.startsWith('ce_') || name === 'content-type')
    .map(([name, value]) => [name.replace(/^ce_/, 'ce-'), value])
  return { headers: Object.fromEntries(headers), body }
}

/** A record that is no CloudEvent becomes one; its headers are extensions of it. */
function fromForeign(record: Received, given: Record<string, string>, body: string): Message {
  const { topic, partition, offset, timestamp } = record
  const { 'content-type': type, ...others } = given
  const key = record.key?.toString()
  const extensions = Object.entries(others).map(([name, value]) => [
    `kafkaheader${name.replace(/[^a-z0-9]/g, '')}`,
    value,
  ])
  const attributes = {
    ...Object.fromEntries(extensions),
    ...(key !== undefined && { key, partitionkey: key }),
    ...(type && { datacontenttype: type.toLowerCase() }),
    type: 'dev.knative.kafka.event',
    source: `/apis/v1/namespaces/local/kafkasources/local#${topic}`,
    id: `partition:${partition}/offset:${offset}`,
    subject: `partition:${partition}#${offset}`,
    time: timeOf(timestamp),
  }
  // Whether it is valid is the task's to say: what it refuses is a dead letter.
  return { headers: toMessage(new CloudEvent(attributes, false)).headers, body }
}

const lastTime = Date.parse('9999-12-31T23:59:59.999Z')

/** A stamp that is no time is 0, not now: the id of the submission derives from it, and is the same at each delivery. */
function timeOf(timestamp: string): string {
  const milliseconds = Number(timestamp)
  const possible = milliseconds >= 0 && milliseconds <= lastTime
  return new Date(possible ? milliseconds : 0).toISOString()
}
