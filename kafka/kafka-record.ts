// CloudEvents in Kafka's binary mode (`ce_*` headers) and in HTTP's (`ce-*`), in which the log hands them out.
import type { IHeaders } from 'kafkajs'
import type { FormEvent } from './event.ts'
import type { LaneRecord } from './lane.ts'
import { type Message, toMessage } from './wire.ts'

export function toRecord(event: FormEvent): LaneRecord {
  const { headers, body } = toMessage(event)
  const renamed = Object.entries(headers).map(([name, value]) => [
    name.replace(/^ce-/, 'ce_'),
    value,
  ])
  return { key: event.partitionkey, value: body, headers: Object.fromEntries(renamed) }
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

/** What a KafkaSource would POST for this record. */
export function toPosted(record: Received): Message {
  const body = record.value?.toString() ?? ''
  const given = textsOf(record.headers)
  if (!given.ce_specversion) return foreign(record, given, body)
  const headers = Object.entries(given).map(([name, value]) => [name.replace(/^ce_/, 'ce-'), value])
  return { headers: Object.fromEntries(headers), body }
}

function textsOf(headers: IHeaders = {}): Record<string, string> {
  const texts = Object.entries(headers).flatMap(([name, value]) => {
    const first = Array.isArray(value) ? value[0] : value
    return first === undefined ? [] : [[name, first.toString()] as const]
  })
  return Object.fromEntries(texts)
}

/** A record that is no CloudEvent becomes one, as a KafkaSource makes it. */
function foreign(record: Received, given: Record<string, string>, body: string): Message {
  const { topic, partition, offset, timestamp, key } = record
  const headers: Record<string, string> = {
    'ce-specversion': '1.0',
    'ce-type': 'dev.knative.kafka.event',
    'ce-source': `/apis/v1/namespaces/local/kafkasources/local#${topic}`,
    'ce-id': `partition:${partition}/offset:${offset}`,
    'ce-subject': `partition:${partition}#${offset}`,
    'ce-time': new Date(Number(timestamp)).toISOString(),
    'content-type': given['content-type'] ?? 'application/json',
  }
  if (key) headers['ce-partitionkey'] = encodeURIComponent(key.toString())
  for (const [name, value] of Object.entries(given)) {
    const extension = `kafkaheader${name.toLowerCase()}`
    if (/^[a-z0-9]+$/.test(extension)) headers[`ce-${extension}`] = encodeURIComponent(value)
  }
  return { headers, body }
}
