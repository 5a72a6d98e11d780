// Converts between Kafka's binary mode (`ce_*` headers), which the log writes, and HTTP's (`ce-*`), which it delivers.
import { isUtf8 } from 'node:buffer'
import { CloudEvent } from 'cloudevents'
import type { IHeaders } from 'kafkajs'
import { type KeyedMessage, type Message, toCloudEvent, toMessage } from '../../binary-mode.ts'
import type { OutgoingRecord } from './partition-producer.ts'

export function toKafkaRecord({ key, headers, body }: KeyedMessage): OutgoingRecord {
  const renamed: Record<string, string> = {}
  for (const name in headers) {
    const kafkaName = name.startsWith('ce-') ? `ce_${name.slice('ce-'.length)}` : name
    renamed[kafkaName] = headers[name] as string
  }
  return { key, value: body, headers: renamed }
}

export interface IncomingRecord {
  topic: string
  partition: number
  offset: string
  /** Milliseconds since 1970, or whatever the producer wrote. */
  timestamp: string
  key: Buffer | null
  value: Buffer | null
  headers?: IHeaders | undefined
}

/** Kafka's binding of CloudEvents does not encode values. Only these characters are encoded, so encoded values stay the same. */
const unsafeInValue = /[^\x20-\x7e]/gu
/** Characters that no HTTP header name may contain. No CloudEvents attribute contains them either, so the task refuses the event. */
const unsafeInName = /[^\w!#$%&'*+.^`|~-]/gu

const encode = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
    .join('')

/** Converts a record to the message that a KafkaSource would POST, in binary mode. No value gives an empty body. Never throws. */
export function toHttpMessage(record: IncomingRecord): Message {
  const value = record.value ?? Buffer.alloc(0)
  const text = value.toString()
  const readable = isUtf8(value)
  const sent = textsOf(record.headers)
  const { headers, body } =
    (readable ? fromStructured(sent, text) : undefined) ??
    fromBinary(sent, text) ??
    fromPlain(record, sent, text)
  const encoded = Object.entries(headers).map(([name, value]) => [
    name.replace(unsafeInName, encode),
    value.replace(unsafeInValue, encode),
  ])
  const position = {
    'ce-knativekafkapartition': String(record.partition),
    'ce-knativekafkaoffset': record.offset,
  }
  return {
    headers: { ...Object.fromEntries(encoded), ...position },
    body,
    // The task refuses an event whose body is not UTF-8; its dead letter keeps the bytes.
    ...(!readable && { bytes: value }),
  }
}

/** Header values as text. The last of several values counts; headers without a value are dropped. */
function textsOf(headers: IHeaders = {}): Record<string, string> {
  const texts = Object.entries(headers).flatMap(([name, value]) => {
    const last = Array.isArray(value) ? value.at(-1) : value
    return last == null ? [] : [[name.toLowerCase(), last.toString()] as const]
  })
  return Object.fromEntries(texts)
}

function fromStructured(sent: Record<string, string>, text: string): Message | undefined {
  const type = sent['content-type'] ?? ''
  if (!/^application\/cloudevents\+json\s*(;|$)/i.test(type)) return
  // Other charsets are refused, as they are over HTTP.
  if (/charset=(?!"?utf-?8"?\s*(;|$))/i.test(type)) return
  try {
    return toMessage(toCloudEvent({ datacontenttype: 'application/json', ...JSON.parse(text) }))
  } catch {
    // Not a valid event: delivered like any other record.
  }
}

const required = ['ce_specversion', 'ce_id', 'ce_source', 'ce_type']

function fromBinary(sent: Record<string, string>, body: string): Message | undefined {
  if (!required.every((name) => sent[name])) return
  const headers = Object.entries(sent)
    .filter(([name]) => name.startsWith('ce_') || name === 'content-type')
    .map(([name, value]) => [name.replace(/^ce_/, 'ce-'), value])
  return { headers: Object.fromEntries(headers), body }
}

/** Makes a CloudEvent of a record that is none, as a KafkaSource does: its headers become extensions. */
function fromPlain(record: IncomingRecord, sent: Record<string, string>, body: string): Message {
  const { topic, partition, offset, timestamp } = record
  const { 'content-type': type, ...others } = sent
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
  // Not validated here: the task refuses an invalid event, which makes it a dead letter.
  return { headers: toMessage(new CloudEvent(attributes, false)).headers, body }
}

const lastTime = Date.parse('9999-12-31T23:59:59.999Z')

/** An invalid time becomes 1970, not now: the id of the submission derives from it and must be the same at each delivery. */
function timeOf(timestamp: string): string {
  const milliseconds = Number(timestamp)
  const possible = milliseconds >= 0 && milliseconds <= lastTime
  return new Date(possible ? milliseconds : 0).toISOString()
}
