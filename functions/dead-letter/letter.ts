// What lies in the dead letters: an event with why it is there. What cannot be read as an event, or is too large for a letter,
// lies in an event of a type of its own, as it came.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { CloudEvent } from 'cloudevents'
import { headersSize, type Message, sizeOf, toMessage } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import { isStructured, NotAnEvent, readRecord } from '#kit/http/read-event.ts'

export const unreadableType = 'formstream.record.unreadable'

/** A record that failed, and where it lies where that is known. */
export interface Came extends Message {
  topic?: string
  partition?: number
  offset?: number
  /** Bytes of the whole body, where not all of it was kept. */
  length?: number
}

/** The data of a letter of `unreadableType`. */
export interface Unreadable {
  /** Why the record itself is not the letter. */
  why: string
  record: { topic?: string; partition?: number; offset?: number }
  headers: Record<string, string>
  body: string
  encoding: 'utf-8' | 'base64'
  /** Bytes of the body as it came. */
  length: number
  /** False where headers or body were cut; the whole record stays in its topic. */
  complete: boolean
}

/** In bytes. A KafkaSink takes 1 MiB, and so does a broker that is not told otherwise. */
export const mostBytes = 1_000_000
/** The least that is kept of a record; a topic that does not take so much takes no event either. */
const leastBytes = 4000

/** What is tried after a letter of `most` bytes was too large for its topic; undefined where there is nothing less. */
export const lessThan = (most: number): number | undefined =>
  most > leastBytes ? Math.max(leastBytes, most / 4) : undefined
/** An HTTP server refuses more than 8 or 16 KiB. */
const mostHeaders = 8000

interface Options {
  /** Bytes of the letter. */
  most?: number
  /** Why the event is no letter, though it can be read. */
  refused?: string | undefined
}

export interface Letter {
  event: FormEvent
  /** What is sent and stored of it: the body of an event as it came. */
  message: Message
}

/** `why`: the extensions `knativeerrordest`, `knativeerrorcode`, `knativeerrordata`. Never throws. */
export function letterOf(
  record: Came,
  why: Record<string, string>,
  { most = mostBytes, refused }: Options = {},
): Letter {
  try {
    if (refused !== undefined) throw new NotAnEvent(refused)
    if (record.length !== undefined) throw new NotAnEvent(tooLarge(most, record.length))
    const event = readRecord(record).cloneWith(why) as FormEvent
    const message = toMessage(event, 'ce-', isStructured(record) ? undefined : record.body)
    const [size, headers] = [sizeOf(message), headersSize(message.headers)]
    if (size > most) throw new NotAnEvent(tooLarge(most, size))
    if (headers > mostHeaders) throw new NotAnEvent(`${tooLarge(mostHeaders, headers)} of headers`)
    return { event, message }
  } catch (error) {
    // Messages of others may quote the record.
    const reason = error instanceof NotAnEvent ? error.message : 'Expected a valid CloudEvent 1.0'
    const event = wrap(record, why, { most, reason })
    return { event, message: toMessage(event) }
  }
}

const tooLarge = (most: number, found: number): string =>
  `Expected a letter of at most ${most} bytes, found ${found}`

interface Wrapping {
  most: number
  reason: string
}

function wrap(record: Came, why: Record<string, string>, { most, reason }: Wrapping): FormEvent {
  const data: Unreadable = { why: reason, ...contentOf(record, most) }
  const id = createHash('sha256')
    .update(JSON.stringify([data.record, record.headers]))
    .update(record.bytes ?? record.body)
    .digest('hex')
  return new CloudEvent<unknown>({
    id,
    type: unreadableType,
    source: '/topics',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    partitionkey: id,
    ...formOf(record),
    ...why,
    data,
  }) as FormEvent
}

function contentOf(record: Came, most: number): Omit<Unreadable, 'why'> {
  const { bytes, length } = record
  const headers = cutHeaders(record.headers, most / 4)
  const body = bytes ? cutBytes(bytes, most / 2) : cutText(record.body, most / 2)
  const whole = body === (bytes?.toString('base64') ?? record.body) && length === undefined
  return {
    record: positionOf(record),
    headers,
    body,
    encoding: bytes ? 'base64' : 'utf-8',
    length: length ?? bytes?.length ?? Buffer.byteLength(record.body),
    complete: whole && isDeepStrictEqual(headers, record.headers),
  }
}

/** The local source knows where it has the record from; a KafkaSource says it in extensions, but for the topic. */
function positionOf({ topic, partition, offset, headers }: Came): Unreadable['record'] {
  if (topic !== undefined && partition !== undefined && offset !== undefined) {
    return { topic, partition, offset }
  }
  const [fromPartition, fromOffset] = ['partition', 'offset'].map(
    (name) => headers[`ce-knativekafka${name}`] ?? '',
  ) as [string, string]
  if (!/^\d{1,15}$/.test(fromPartition) || !/^\d{1,15}$/.test(fromOffset)) return {}
  return { partition: Number(fromPartition), offset: Number(fromOffset) }
}

/** So that whoever lists it sees whose it is. */
function formOf({ headers }: Came): { form?: string } {
  const form = headers['ce-form'] ?? headers['ce-kafkaheaderform'] ?? ''
  return /^[a-z0-9-]{1,100}$/.test(form) ? { form } : {}
}

/** Bytes of it as JSON. */
const jsonSize = (value: string): number => Buffer.byteLength(JSON.stringify(value))

/** Its beginning. Escaped in JSON it may be six times as long as it is. */
function cutText(text: string, most: number): string {
  let cut = text
  for (let size = jsonSize(cut); size > most; size = jsonSize(cut)) {
    cut = cut.slice(0, Math.floor((cut.length * most) / size))
  }
  return cut
}

const cutBytes = (bytes: Buffer, most: number): string =>
  bytes.subarray(0, Math.floor(most / 4) * 3).toString('base64')

function cutHeaders(headers: Message['headers'], most: number): Message['headers'] {
  const cut: Message['headers'] = {}
  let left = most
  for (const [name, value] of Object.entries(headers)) {
    left -= jsonSize(name) + 2
    if (left < 2) break
    cut[name] = cutText(value, left)
    left -= jsonSize(cut[name])
  }
  return cut
}
