import { expect, test } from '@jest/globals'
import { toMessage } from '#kafka/binary-mode.ts'
import { submissionValidated } from '#kafka/events.ts'
import { eventOf, submittedEvent, wireOf } from '../events.fixture.ts'
import { NotAnEvent, readEvent } from './read-event.ts'

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
const event = submittedEvent({ traceparent })
const wire = wireOf(event)

/** The event as one JSON text. */
const structured = (attributes: object = {}) => JSON.stringify({ ...event, ...attributes })

test('an event in binary mode is read unchanged', () => {
  expect(readEvent(wire.headers, wire.body)).toEqual(event)
})

test.each([
  'application/cloudevents+json',
  'application/cloudevents+json; charset=utf-8',
  'application/cloudevents+json;charset=UTF-8',
])('an event in structured mode (%s) is read unchanged', (type) => {
  expect(readEvent({ 'content-type': type }, structured())).toEqual(event)
})

test.each([
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'Application/JSON',
  'application/vnd.formstream+json',
])('a body of the type %s is read as JSON, and keeps its type', (type) => {
  const read = readEvent({ ...wire.headers, 'content-type': type }, wire.body)
  expect([read.data, read.datacontenttype]).toEqual([event.data, type])
})

test.each([
  'application/cloudevents+json; charset=iso-8859-1',
  'application/cloudevents+json; charset="windows-1252"',
  'application/json; charset=iso-8859-1',
  'text/plain; charset=latin1',
])('a body of the type %s is refused: read as UTF-8 it would be another text', (type) => {
  const headers = { ...wire.headers, 'content-type': type }
  expect(() => readEvent(headers, wire.body)).toThrow('Expected the charset utf-8, found another')
})

test.each(['application/cloudevents+json', 'application/json', 'text/plain', undefined])(
  'bytes of the type %s that are not UTF-8 are refused, not replaced',
  (type) => {
    const { 'content-type': _, ...others } = wire.headers
    const headers = type ? { ...others, 'content-type': type } : others
    const body = Buffer.from(type === 'text/plain' ? 'caf\u00e9' : structured(), 'latin1')
    const latin = Buffer.concat([body, Buffer.from([0x22, 0xe9, 0x22])])
    expect(() => readEvent(headers, latin)).toThrow(NotAnEvent)
    expect(() => readEvent(headers, latin)).toThrow('Expected the body as UTF-8, found other bytes')
  },
)

test('text beyond ASCII in the data is kept', () => {
  const answers = { item1: 'नमस्ते 👋 é' }
  const sent = eventOf(submissionValidated({ version: 'v', answers }))
  const { headers, body } = wireOf(sent)
  expect(readEvent(headers, body).data).toEqual({ version: 'v', answers })
  const type = { 'content-type': 'application/cloudevents+json; charset=utf-8' }
  expect(readEvent(type, JSON.stringify(sent)).data).toEqual({ version: 'v', answers })
})

test('an event without a body is read, and a body that is not JSON stays text', () => {
  expect(readEvent(wire.headers, '').data).toBeUndefined()
  expect(readEvent({ ...wire.headers, 'content-type': 'text/plain' }, '{').data).toBe('{')
})

test('extensions of a source stay with the event', () => {
  const own = { 'ce-knativekafkapartition': '3', 'ce-knativekafkaoffset': '564' }
  const read = readEvent(
    { ...wire.headers, ...own, 'x-other': 'y', 'kafka-header': 'z' },
    wire.body,
  )
  expect(read).toMatchObject({ knativekafkapartition: '3', knativekafkaoffset: '564' })
  expect(Object.keys(read)).not.toContain('x-other')
})

test('without a partition key, the subject is used, or the id', () => {
  const { 'ce-partitionkey': _, ...foreign } = wire.headers
  expect(readEvent({ ...foreign, 'ce-subject': 'me' }, wire.body).partitionkey).toBe('me')
  const { 'ce-subject': __, ...bare } = foreign
  expect(readEvent(bare, wire.body).partitionkey).toBe('s-1')
})

const refused: [title: string, headers: Record<string, string>, body: string, message: RegExp][] = [
  [
    'a batch',
    { 'content-type': 'application/cloudevents-batch+json' },
    `[${structured()}]`,
    /a batch/,
  ],
  ['no event at all', { 'content-type': 'application/json' }, '{}', /attribute id/],
  ['no headers at all', {}, '', /attribute id/],
  ['an empty id', { ...wire.headers, 'ce-id': '' }, wire.body, /attribute id/],
  [
    'another specversion',
    { ...wire.headers, 'ce-specversion': '0.3' },
    wire.body,
    /specversion 1.0/,
  ],
  [
    'an extension with a dash',
    { ...wire.headers, 'ce-my-own': 'x' },
    wire.body,
    /valid CloudEvent/,
  ],
  ['an extension with _', { ...wire.headers, 'ce-my_own': 'x' }, wire.body, /valid CloudEvent/],
  ['an invalid time', { ...wire.headers, 'ce-time': 'noon' }, wire.body, /valid CloudEvent/],
  ['a body that is no JSON', wire.headers, '{"a":', /valid CloudEvent/],
]
for (const missing of ['id', 'specversion', 'type', 'source']) {
  const headers = Object.entries(wire.headers).filter(([name]) => name !== `ce-${missing}`)
  refused.push([`no ${missing} in a header`, Object.fromEntries(headers), wire.body, /CloudEvent/])
}

test.each(refused)('%s is refused in binary mode', (_, headers, body, message) => {
  expect(() => readEvent(headers, body)).toThrow(NotAnEvent)
  expect(() => readEvent(headers, body)).toThrow(message)
})

test.each([
  ['text that is no JSON', '{'],
  ['nothing', ''],
  ['null', 'null'],
  ['a list of events', `[${structured()}]`],
  ['no id', structured({ id: undefined })],
  ['an id that is a number', structured({ id: 5 })],
  ['no type', structured({ type: undefined })],
  ['no source', structured({ source: undefined })],
  ['no specversion', structured({ specversion: undefined })],
  ['another specversion', structured({ specversion: '0.3' })],
  ['an extension in capitals', structured({ Form: 'demo' })],
])('%s is refused in structured mode, and the message does not quote it', (_, body) => {
  const read = () => readEvent({ 'content-type': 'application/cloudevents+json' }, body)
  expect(read).toThrow(NotAnEvent)
  expect(read).toThrow(/^Expected a(n event| valid CloudEvent| CloudEvent)[^"{]*$/)
})

/** JSON in binary mode, and the whole event in structured mode, with data of so many levels. */
function nested(levels: number): [headers: Record<string, string>, body: string][] {
  const lists = '['.repeat(levels) + ']'.repeat(levels)
  const objects = `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const whole = structured({ data: 'DATA' })
  const type = { 'content-type': 'application/cloudevents+json' }
  return [lists, objects, `[1,${lists.slice(1)}`].flatMap((data) => [
    [wire.headers, data],
    [type, whole.replace('"DATA"', data)],
  ])
}

test.each([501, 100_000])(
  'data of %d levels is refused, as it could not be serialised again',
  (levels) => {
    for (const [headers, body] of nested(levels)) {
      const read = () => readEvent(headers, body)
      expect(read).toThrow(NotAnEvent)
      expect(read).toThrow(/: Expected data of at most 500 levels, found more$/)
    }
  },
)

test('data of 500 levels is accepted', () => {
  for (const [headers, body] of nested(500)) {
    const read = readEvent(headers, body)
    expect(JSON.parse(toMessage(read).body)).toEqual(read.data)
  }
})
