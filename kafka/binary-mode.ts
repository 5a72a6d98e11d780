// CloudEvents in binary mode, as stored in the log and sent over HTTP: attributes as `ce-*` headers, data as the body.
// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
import { CloudEvent, type CloudEventV1 } from 'cloudevents'
import type { FormEvent } from './define-event.ts'

export interface Message {
  headers: Record<string, string>
  body: string
  /** The received bytes, only if they are not UTF-8; `body` then contains replacement characters. */
  bytes?: Buffer
}

/** Messages with the same key keep their order, in topics that have one. */
export interface KeyedMessage extends Message {
  key: string
}

/** Size of headers and body in bytes. */
export const sizeOf = ({ headers, body }: Message): number =>
  headersSize(headers) + Buffer.byteLength(body)

export const headersSize = (headers: Message['headers']): number =>
  Object.entries(headers).reduce((bytes, [name, value]) => bytes + name.length + value.length, 0)

// The HTTP binding percent-encodes space, double quote, percent, and everything outside printable ASCII.
const unsafe = /[^\x21\x23\x24\x26-\x7e]/gu
const json = /^application\/([\w.-]+\+)?json\s*(;|$)/i

/** `rawData`: the data as received text, used unchanged as the body, because parsing rounds long numbers. */
export function toMessage(event: CloudEventV1<unknown>, rawData?: string): Message {
  const { data, datacontenttype, ...attributes } = event
  const headers: Record<string, string> = {}
  if (datacontenttype) headers['content-type'] = datacontenttype
  for (const name in attributes) {
    const value = attributes[name]
    if (value !== undefined) headers[`ce-${name}`] = encode(String(value))
  }
  return { headers, body: rawData ?? toBody(data, datacontenttype) }
}

/** The message of an event for its topic. */
export const toKeyedMessage = (event: FormEvent): KeyedMessage => ({
  ...toMessage(event),
  key: event.partitionkey,
})

/** Replaces lone surrogates, which cannot be encoded. */
const encode = (value: string): string => value.toWellFormed().replace(unsafe, encodeURIComponent)

function toBody(data: unknown, type: string | undefined): string {
  if (data === undefined) return ''
  return json.test(type ?? '') || typeof data !== 'string' ? JSON.stringify(data) : data
}

/** Throws unless headers and body are a valid CloudEvent 1.0. */
export function fromMessage(headers: ReceivedHeaders, body: string): CloudEvent {
  const attributes = attributesOf(headers)
  const type = attributes.datacontenttype
  attributes.data = json.test(String(type)) && body !== '' ? JSON.parse(body) : body || undefined
  return toCloudEvent(attributes)
}

type ReceivedHeaders = Record<string, string | string[] | undefined>

/** The attributes in the headers of a message, not checked. */
export function attributesOf(headers: ReceivedHeaders): Record<string, unknown> {
  // Without a prototype: its property names would count as attributes.
  const attributes: Record<string, unknown> = Object.create(null)
  for (const name in headers) {
    if (name.startsWith('ce-')) attributes[name.slice('ce-'.length)] = decode(String(headers[name]))
  }
  const type = headers['content-type']
  if (typeof type === 'string') attributes.datacontenttype = type
  return attributes
}

/** Other producers may send a percent sign that encodes nothing; the value is then taken literally. */
function decode(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Throws unless these are the attributes of a valid CloudEvent 1.0. */
export function toCloudEvent(attributes: Record<string, unknown>): CloudEvent {
  checkAttributes(attributes)
  return new CloudEvent(attributes)
}

/** Time too: the library would generate a missing one, different at each delivery. */
const required = ['id', 'source', 'type', 'time']

/** Throws unless the required attributes are there and all names are valid. The values are not checked. */
export function checkAttributes(attributes: Record<string, unknown>): void {
  for (const name of required) {
    if (!attributes[name]) throw new Error(`Expected the attribute ${name}, found none`)
  }
  if (attributes.specversion !== '1.0') throw new Error('Expected specversion 1.0')
  for (const name in attributes) {
    if (!/^([a-z0-9]+|data_base64)$/.test(name)) {
      throw new Error('Expected attribute names with a-z and 0-9 only, found another')
    }
    if (name !== 'data' && typeof attributes[name] === 'object') {
      throw new Error(`Expected the attribute ${name} to be a simple value`)
    }
  }
}

/** The id of the form, also for a plain Kafka record with a header `form`; empty if there is none. */
export const formOf = ({ headers }: Pick<Message, 'headers'>): string =>
  headers['ce-form'] ?? headers['ce-kafkaheaderform'] ?? ''
