// Reads CloudEvents from HTTP requests and log records, in binary and structured mode. Anything else is refused.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { CloudEventV1 } from 'cloudevents'
import {
  attributesOf,
  checkAttributes,
  fromMessage,
  type KeyedMessage,
  type Message,
  toCloudEvent,
  toKeyedMessage,
} from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import { checkNesting } from './nesting-limit.ts'

/** Answered with 400, which is not retried. The message quotes nothing of the request. */
export class NotAnEvent extends Error {
  override name = 'NotAnEvent'
}

/** Throws `NotAnEvent`. */
export const readEvent = (headers: IncomingHttpHeaders, body: string | Buffer): FormEvent =>
  read(headers, typeof body === 'string' ? body : toText(body))

/** Throws `NotAnEvent`. */
export const readRecord = ({ headers, body, bytes }: Message): FormEvent =>
  readEvent(headers, bytes ?? body)

/**
 * The event as the log stores it, with the body as it was received: only the attributes are checked, the task checks the rest.
 * Throws `NotAnEvent`.
 */
export function readMessage(headers: IncomingHttpHeaders, bytes: Buffer): KeyedMessage {
  const body = toText(bytes)
  if (isStructured({ headers })) return toKeyedMessage(read(headers, body))
  checkContentType(headers)
  const attributes = attributesOf(headers)
  try {
    checkAttributes(attributes)
  } catch (cause) {
    throw invalid(cause as Error)
  }
  return { headers: eventHeaders(headers), body, key: keyOf(attributes) }
}

/** The headers that belong to the event, without those of the request. */
export const eventHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('ce-') || name === 'content-type')
      .map(([name, value]) => [name, String(value)]),
  )

/** In structured mode the body contains the attributes, too. */
export const isStructured = ({ headers }: { headers: IncomingHttpHeaders }): boolean =>
  headers['content-type']?.toLowerCase().startsWith('application/cloudevents') ?? false

/** Decoding other bytes would store replacement characters. */
function toText(body: Buffer): string {
  if (!isUtf8(body)) throw new NotAnEvent('Expected the body as UTF-8, found other bytes')
  return body.toString()
}

/** US-ASCII is a subset of UTF-8. */
const charsets = ['utf-8', 'utf8', 'us-ascii']

function read(headers: IncomingHttpHeaders, body: string): FormEvent {
  checkContentType(headers)
  try {
    const event = isStructured({ headers })
      ? toCloudEvent(JSON.parse(body))
      : fromMessage(headers, body)
    checkNesting(event.data)
    return withPartitionKey(event)
  } catch (cause) {
    throw invalid(cause as Error)
  }
}

function checkContentType(headers: IncomingHttpHeaders): void {
  const type = headers['content-type']?.toLowerCase() ?? ''
  if (type.startsWith('application/cloudevents-batch')) {
    throw new NotAnEvent('Expected one CloudEvent, found a batch')
  }
  // Bytes of another charset may be valid UTF-8 by accident, and would be read as other characters.
  const charset = /charset="?([^\s;"]+)/.exec(type)?.[1] ?? 'utf-8'
  if (!charsets.includes(charset)) {
    throw new NotAnEvent('Expected the charset utf-8, found another')
  }
}

/** Messages of libraries may quote the event. Our own begin with "Expected" and quote nothing. */
function invalid(cause: Error): NotAnEvent {
  const detail = cause.message.startsWith('Expected ') ? `: ${cause.message}` : ''
  return new NotAnEvent(`Expected a valid CloudEvent 1.0${detail}`, { cause })
}

function withPartitionKey(event: CloudEventV1<unknown>): FormEvent {
  const partitionkey = keyOf(event)
  return (event.partitionkey === partitionkey ? event : { ...event, partitionkey }) as FormEvent
}

/** Other producers may leave out the partition key. */
const keyOf = ({ partitionkey, subject, id }: Record<string, unknown>): string =>
  typeof partitionkey === 'string' ? partitionkey : String(subject ?? id)
