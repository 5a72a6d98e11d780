// CloudEvents in binary mode, as they lie in the log and travel over HTTP: `ce-*` headers and a body.
import { CloudEvent } from 'cloudevents'

export interface Message {
  headers: Record<string, string>
  body: string
  /** What came, where it is not UTF-8: the body has replacement characters then. */
  bytes?: Buffer
}

/** In bytes, with its headers. */
export const sizeOf = ({ headers, body }: Message): number =>
  headersSize(headers) + Buffer.byteLength(body)

export const headersSize = (headers: Message['headers']): number =>
  Object.entries(headers).reduce((bytes, [name, value]) => bytes + name.length + value.length, 0)

// The HTTP binding: space, double quote, percent, and all outside printable ASCII is percent-encoded.
const unsafe = /[^\x21\x23\x24\x26-\x7e]/gu
const json = /^application\/([\w.-]+\+)?json\s*(;|$)/i

/** `prefix`: of the attributes' headers, `ce-` in HTTP and `ce_` in Kafka. `written`: the data as it came, already written. */
export function toMessage(event: CloudEvent<unknown>, prefix = 'ce-', written?: string): Message {
  const { data, datacontenttype, ...attributes } = event
  const headers: Record<string, string> = {}
  if (datacontenttype) headers['content-type'] = datacontenttype
  for (const name in attributes) {
    const value = attributes[name]
    if (value !== undefined) headers[prefix + name] = encode(String(value))
  }
  return { headers, body: written ?? toBody(data, datacontenttype) }
}

/** Half of a surrogate pair is no character, and cannot be encoded. */
const encode = (value: string): string => value.toWellFormed().replace(unsafe, encodeURIComponent)

function toBody(data: unknown, type: string | undefined): string {
  if (data === undefined) return ''
  return json.test(type ?? '') || typeof data !== 'string' ? JSON.stringify(data) : data
}

/** Strict: throws where the headers and the body are no valid CloudEvent 1.0. */
export function fromMessage(
  headers: Record<string, string | string[] | undefined>,
  body: string,
): CloudEvent {
  // Without a prototype, whose names would be taken for attributes that are set already.
  const attributes: Record<string, unknown> = Object.create(null)
  for (const name in headers) {
    if (name.startsWith('ce-')) attributes[name.slice('ce-'.length)] = decode(String(headers[name]))
  }
  const type = headers['content-type']
  if (typeof type === 'string') attributes.datacontenttype = type
  const data = json.test(String(type)) && body !== '' ? JSON.parse(body) : body || undefined
  return toCloudEvent({ ...attributes, data })
}

/** Foreign producers may send a percent sign that encodes nothing: it means itself. */
function decode(value: string): string {
  if (!value.includes('%')) return value
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** The library would invent an id and a time where there is none, another at each delivery; so they are asked for. */
export function toCloudEvent(attributes: Record<string, unknown>): CloudEvent {
  for (const name of ['id', 'time']) {
    if (!attributes[name]) throw new Error(`Expected the attribute ${name}, found none`)
  }
  if (attributes.specversion !== '1.0') throw new Error('Expected specversion 1.0')
  for (const [name, value] of Object.entries(attributes)) {
    if (!/^([a-z0-9]+|data_base64)$/.test(name)) {
      throw new Error('Expected names of attributes with a-z and 0-9 only, found another')
    }
    if (name !== 'data' && typeof value === 'object') {
      throw new Error(`Expected the attribute ${name} to be a simple value`)
    }
  }
  return new CloudEvent(attributes)
}

/** The form that a record is of; of a foreign producer's record, the form that its header names. */
export const formOf = ({ headers }: Pick<Message, 'headers'>): string =>
  headers['ce-form'] ?? headers['ce-kafkaheaderform'] ?? ''
