// CloudEvents over HTTP: reads binary and structured mode strictly, refuses everything else.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { CloudEvent } from 'cloudevents'
import { fromMessage, type Message, toCloudEvent } from '#kafka/binary-mode.ts'
import type { FormEvent } from '#kafka/define-event.ts'
import { requireLevels } from './nesting-limit.ts'

/** Answered with 400: no retry makes an event of it. */
export class NotAnEvent extends Error {
  override name = 'NotAnEvent'
}

export const readEvent = (headers: IncomingHttpHeaders, body: string | Buffer): FormEvent =>
  read(headers, typeof body === 'string' ? body : toText(body))

/** Those of the event, without those of the request that brought it. */
export const eventHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('ce-') || name === 'content-type')
      .map(([name, value]) => [name, String(value)]),
  )

/** A record of the log, by the same rules. */
export const readRecord = ({ headers, body, bytes }: Message): FormEvent =>
  readEvent(headers, bytes ?? body)

/** Decoded all the same, other bytes would be kept as replacement characters. */
function toText(body: Buffer): string {
  if (!isUtf8(body)) throw new NotAnEvent('Expected the body as UTF-8, found other bytes')
  return body.toString()
}

/** Its body is the whole event, not only the data. */
export const isStructured = ({ headers }: { headers: IncomingHttpHeaders }): boolean =>
  headers['content-type']?.toLowerCase().startsWith('application/cloudevents') ?? false

/** US-ASCII is a part of UTF-8. */
const charsets = ['utf-8', 'utf8', 'us-ascii']

function read(headers: IncomingHttpHeaders, body: string): FormEvent {
  const type = headers['content-type']?.toLowerCase() ?? ''
  if (type.startsWith('application/cloudevents-batch')) {
    throw new NotAnEvent('Expected one CloudEvent, found a batch')
  }
  // A text read as what it is not would arrive changed, also where its bytes happen to be UTF-8.
  const charset = /charset="?([^\s;"]+)/.exec(type)?.[1] ?? 'utf-8'
  if (!charsets.includes(charset)) {
    throw new NotAnEvent('Expected the charset utf-8, found another')
  }
  try {
    const event = isStructured({ headers })
      ? toCloudEvent(JSON.parse(body))
      : fromMessage(headers, body)
    requireLevels(event.data)
    return withKey(event)
  } catch (cause) {
    // Messages of the library may quote the event, so they stay inside.
    const known = /^Expected /.test((cause as Error).message) ? `: ${(cause as Error).message}` : ''
    throw new NotAnEvent(`Expected a valid CloudEvent 1.0${known}`, {
      cause,
    })
  }
}

/** What foreign producers leave out follows from what they say. */
function withKey(event: CloudEvent): FormEvent {
  if (typeof event.partitionkey === 'string') return event as FormEvent
  return event.cloneWith({ partitionkey: event.subject ?? event.id }) as FormEvent
}
