// The dead letter for a record that is not a valid CloudEvent or is too large: an event of its own type, with the record as data.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { FormEvent } from '#kafka/define-event.ts'
import type { FailedRecord } from './failed-record.ts'
import { truncateBytes, truncateHeaders, truncateText } from './truncate.ts'

export const unreadableType = 'formstream.record.unreadable'

/** The data of an event of `unreadableType`. */
export interface Unreadable {
  /** Why the record could not become a dead letter as it is. */
  why: string
  record: { topic?: string; partition?: number; offset?: number }
  headers: Record<string, string>
  body: string
  encoding: 'utf-8' | 'base64'
  /** Bytes of the record's whole body. */
  length: number
  /** False if headers or body were cut. The topic still has the whole record. */
  complete: boolean
}

interface UnreadableOptions {
  maxBytes: number
  why: string
  /** The extensions `knativeerrordest`, `knativeerrorcode` and `knativeerrordata`. */
  errors: Record<string, string>
}

export function unreadableEvent(
  record: FailedRecord,
  { maxBytes, why, errors }: UnreadableOptions,
): FormEvent {
  const data: Unreadable = { why, ...contentOf(record, maxBytes) }
  // A hash of the record, so that a redelivery gets the same id.
  const id = createHash('sha256')
    .update(JSON.stringify([data.record, record.headers]))
    .update(record.bytes ?? record.body)
    .digest('hex')
  return {
    specversion: '1.0',
    id,
    type: unreadableType,
    source: '/topics',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    partitionkey: id,
    ...formOf(record),
    ...errors,
    data,
  } as FormEvent
}

function contentOf(record: FailedRecord, maxBytes: number): Omit<Unreadable, 'why'> {
  const { bytes, length } = record
  const headers = truncateHeaders(record.headers, maxBytes / 4)
  const body = bytes ? truncateBytes(bytes, maxBytes / 2) : truncateText(record.body, maxBytes / 2)
  const wholeBody = body === (bytes?.toString('base64') ?? record.body) && length === undefined
  return {
    record: positionOf(record),
    headers,
    body,
    encoding: bytes ? 'base64' : 'utf-8',
    length: length ?? bytes?.length ?? Buffer.byteLength(record.body),
    complete: wholeBody && isDeepStrictEqual(headers, record.headers),
  }
}

/** The local source sets the position. A KafkaSource sends partition and offset as extensions, but not the topic. */
function positionOf({ topic, partition, offset, headers }: FailedRecord): Unreadable['record'] {
  if (topic !== undefined && partition !== undefined && offset !== undefined) {
    return { topic, partition, offset }
  }
  const [sentPartition, sentOffset] = ['partition', 'offset'].map(
    (name) => headers[`ce-knativekafka${name}`] ?? '',
  ) as [string, string]
  if (!/^\d{1,15}$/.test(sentPartition) || !/^\d{1,15}$/.test(sentOffset)) return {}
  return { partition: Number(sentPartition), offset: Number(sentOffset) }
}

/** The form is an extension of the letter too, so that lists of dead letters show it. */
function formOf({ headers }: FailedRecord): { form?: string } {
  const form = headers['ce-form'] ?? headers['ce-kafkaheaderform'] ?? ''
  return /^[a-z0-9-]{1,100}$/.test(form) ? { form } : {}
}
