// CloudEvents over HTTP: reads binary and structured mode strictly, refuses everything else.
import type { IncomingHttpHeaders } from 'node:http'
import { CloudEvent, HTTP } from 'cloudevents'
import type { FormEvent } from '#kafka/event.ts'

/** Answered with 400: no retry makes an event of it. */
export class NotAnEvent extends Error {
  override name = 'NotAnEvent'
}

const json = /^application\/([\w.-]+\+)?json\b/i

export function readEvent(headers: IncomingHttpHeaders, body: string): FormEvent {
  const event = read(headers, body)
  // What foreign producers leave out follows from what they say.
  if (typeof event.partitionkey === 'string') return event as FormEvent
  return event.cloneWith({ partitionkey: event.subject ?? event.id }) as FormEvent
}

function read(headers: IncomingHttpHeaders, body: string): CloudEvent {
  const type = headers['content-type'] ?? ''
  if (type.startsWith('application/cloudevents-batch')) {
    throw new NotAnEvent('Expected one CloudEvent, found a batch')
  }
  try {
    return type.startsWith('application/cloudevents')
      ? readStructured(body)
      : readBinary(headers, body)
  } catch (cause) {
    if (cause instanceof NotAnEvent) throw cause
    throw new NotAnEvent('Expected a valid CloudEvent 1.0', { cause })
  }
}

// Not HTTP.toEvent: that takes invalid attributes, invents an id where there is none, and costs ten times as much.
function readBinary(headers: IncomingHttpHeaders, body: string): CloudEvent {
  const attributes: Record<string, unknown> = {}
  for (const name in headers) if (name.startsWith('ce-')) attributes[name.slice(3)] = headers[name]
  const type = headers['content-type']
  if (type !== undefined) attributes.datacontenttype = type
  const data =
    body !== '' && type !== undefined && json.test(type) ? JSON.parse(body) : body || undefined
  return strict({ ...attributes, data })
}

function readStructured(body: string): CloudEvent {
  strict(JSON.parse(body))
  const headers = { 'content-type': 'application/cloudevents+json' }
  return HTTP.toEvent({ headers, body }) as CloudEvent
}

function strict(attributes: Record<string, unknown>): CloudEvent {
  if (!attributes.id) throw new NotAnEvent('Expected a CloudEvent 1.0, found no id')
  if (attributes.specversion !== '1.0') {
    throw new NotAnEvent('Expected a CloudEvent with specversion 1.0')
  }
  return new CloudEvent(attributes)
}
