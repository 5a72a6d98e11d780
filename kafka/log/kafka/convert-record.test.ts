import { validateHeaderName, validateHeaderValue } from 'node:http'
import { expect, test } from '@jest/globals'
import { fromMessage, toKeyedMessage } from '../../binary-mode.ts'
import type { FormEvent } from '../../define-event.ts'
import { type IncomingRecord, toHttpMessage, toKafkaRecord } from './convert-record.ts'

const event: FormEvent = {
  specversion: '1.0',
  id: 'a',
  source: '/forms/demo',
  type: 'formstream.submission.submitted',
  subject: 'नमस्ते 100 %',
  time: '2026-01-02T03:04:05.000Z',
  datacontenttype: 'application/json',
  form: 'demo',
  partitionkey: 'a',
  data: { answers: { item1: 'ü' } },
}

/** The message for a record with these properties; keys and values as text. */
const convert = (
  record: Partial<Omit<IncomingRecord, 'value' | 'key'>> & { value?: string; key?: string },
) =>
  toHttpMessage({
    topic: 'forms.submitted',
    partition: 3,
    offset: '564',
    timestamp: '1767323045000',
    headers: undefined,
    ...record,
    key: record.key === undefined ? null : Buffer.from(record.key),
    value: record.value === undefined ? null : Buffer.from(record.value),
  })

const position = { 'ce-knativekafkapartition': '3', 'ce-knativekafkaoffset': '564' }
const extensions = { knativekafkapartition: '3', knativekafkaoffset: '564' }

test('an event is delivered unchanged, with its partition and offset added', () => {
  const record = toKafkaRecord(toKeyedMessage(event))
  expect(record.headers).toMatchObject({ ce_id: 'a', 'content-type': 'application/json' })
  const { headers, body } = convert(record)
  expect(fromMessage(headers, body)).toEqual({ ...event, ...extensions })
})

test('an event in structured mode is delivered in binary mode', () => {
  const headers = { 'Content-Type': 'application/cloudevents+json; charset=utf-8' }
  const { datacontenttype: _, ...structured } = event
  const message = convert({ headers, value: JSON.stringify(structured) })
  expect(message.headers['content-type']).toBe('application/json')
  expect(fromMessage(message.headers, message.body)).toEqual({
    ...event,
    ...extensions,
  })
})

test('other headers than those of the event are dropped, and values are encoded for HTTP', () => {
  const { headers } = toKafkaRecord(toKeyedMessage(event))
  const others = { trace: 'x', ce_subject: 'ü\n%41', ce_other: null as unknown as string }
  const message = convert({ headers: { ...headers, ...others }, value: '{}' })
  expect(message.headers).toMatchObject({ 'ce-subject': '%C3%BC%0A%41', ...position })
  expect(Object.keys(message.headers)).not.toContain('trace')
  expect(Object.keys(message.headers)).not.toContain('ce-other')
})

test('a record that is no event becomes one, with its key and headers', () => {
  const headers = {
    Form: Buffer.from('demo'),
    'X-Request_Id': ['first', 'last 50%'],
    nothing: undefined,
    'Content-Type': 'Application/JSON',
  }
  const { headers: sent, body } = convert({ key: 'käy', value: '{"item1":"ü"}', headers })
  expect(body).toBe('{"item1":"ü"}')
  expect(sent).toEqual({
    'ce-specversion': '1.0',
    'ce-type': 'dev.knative.kafka.event',
    'ce-source': '/apis/v1/namespaces/local/kafkasources/local#forms.submitted',
    'ce-id': 'partition:3/offset:564',
    'ce-subject': 'partition:3#564',
    'ce-time': '2026-01-02T03:04:05.000Z',
    'ce-key': 'k%C3%A4y',
    'ce-partitionkey': 'k%C3%A4y',
    'ce-kafkaheaderform': 'demo',
    'ce-kafkaheaderxrequestid': 'last%2050%25',
    'content-type': 'application/json',
    ...position,
  })
  expect(fromMessage(sent, body)).toMatchObject({ key: 'käy', data: { item1: 'ü' } })
})

test('a record without key, content type and value has neither these attributes nor a body', () => {
  const { headers, body } = convert({})
  expect(body).toBe('')
  for (const name of ['ce-key', 'ce-partitionkey', 'content-type']) {
    expect(headers).not.toHaveProperty(name)
  }
  expect(fromMessage(headers, body).data).toBeUndefined()
})

test.each([
  ['half an event', { ce_specversion: '1.0', ce_id: 'a' }, '{}'],
  ['a broken structured event', { 'content-type': 'application/cloudevents+json' }, '{'],
])('%s is no event', (_, headers, value) => {
  expect(convert({ headers, value }).headers).toMatchObject({
    'ce-type': 'dev.knative.kafka.event',
    'ce-id': 'partition:3/offset:564',
  })
})

test.each([
  ['microseconds', '1767323045000000'],
  ['nanoseconds', '1767323045000000000'],
  ['negative numbers', '-1'],
  ['the smallest value', '-9223372036854775808'],
  ['the largest value', '9223372036854775807'],
])('a timestamp in %s becomes 1970, the same at each delivery', (_, timestamp) => {
  expect(convert({ timestamp }).headers['ce-time']).toBe('1970-01-01T00:00:00.000Z')
})

test.each(['trace parent', 'trace:parent', 'é', 'a\nb', '(a)', 'x y_z'])(
  'an attribute named %j can be sent over HTTP, and is refused there',
  (name) => {
    const headers = { ...toKafkaRecord(toKeyedMessage(event)).headers, [`ce_${name}`]: 'x' }
    const message = convert({ headers, value: '{}' })
    for (const sent of Object.keys(message.headers)) {
      expect(() => validateHeaderName(sent)).not.toThrow()
    }
    expect(() => fromMessage(message.headers, message.body)).toThrow(
      'Expected attribute names with a-z and 0-9 only, found another',
    )
  },
)

test('whatever a record contains, its message can be sent over HTTP', () => {
  const odd = ['', ' ', '\u0000', 'é', '__proto__', 'constructor', '\ud800', 'x'.repeat(10_000)]
  const some = (value: string) => [value, Buffer.from([0, 0xff, 0xfe]), undefined]
  for (const name of odd) {
    for (const value of odd.flatMap(some)) {
      for (const type of [undefined, '', 'é', 'application/json', 'application/cloudevents+json']) {
        const headers = { [name]: value, [`ce_${name}`]: value, 'content-type': type }
        for (const all of [
          headers,
          { ...toKafkaRecord(toKeyedMessage(event)).headers, ...headers },
        ]) {
          const { headers: sent } = convert({
            headers: all,
            key: name,
            value: '{"specversion":1}',
          })
          for (const [one, its] of Object.entries(sent)) {
            validateHeaderName(one)
            validateHeaderValue(one, its)
          }
        }
      }
    }
  }
})
