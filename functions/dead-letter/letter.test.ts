// Any record becomes a dead letter that can be written and read again.
import { expect, test } from '@jest/globals'
import { sizeOf } from '#kafka/binary-mode.ts'
import { submittedEvent, wireOf } from '#kit/events.fixture.ts'
import type { FailedRecord } from './failed-record.ts'
import { maxLetterBytes, toLetter } from './letter.ts'
import { type Unreadable, unreadableType } from './unreadable.ts'

const why = {
  knativeerrordest: 'http://slang.localhost/',
  knativeerrorcode: '400',
  knativeerrordata: Buffer.from('no').toString('base64'),
}
const good = wireOf(submittedEvent())
const json = { 'content-type': 'application/json' }
const structured = { 'content-type': 'application/cloudevents+json' }
const text = JSON.stringify(submittedEvent())

test('an event becomes the same event with the error extensions', () => {
  const letter = toLetter(good, why).event
  expect(letter).toMatchObject({ ...submittedEvent(), ...why })
})

test('an event in structured mode becomes the same event', () => {
  expect(toLetter({ headers: structured, body: text }, why).event.id).toBe('s-1')
})

test.each([
  ['digits', '{"item1":12345678901234567890,"item2":1e25}'],
  ['escapes and spaces', '{ "item1": "\\u0905" }'],
  ['a member twice', '{"item1":1,"item1":2}'],
])('the body of an event stays as it was received: %s', (_, body) => {
  const { message } = toLetter({ headers: good.headers, body }, why)
  expect(message.body).toBe(body)
  expect(message.headers).toMatchObject({ ...good.headers, 'ce-knativeerrorcode': '400' })
})

test('the body of an event in structured mode becomes its data, whatever other headers it had', () => {
  const { message } = toLetter({ headers: { ...good.headers, ...structured }, body: text }, why)
  expect(message.headers['content-type']).toBe('application/json')
  expect(JSON.parse(message.body)).toEqual(submittedEvent().data)
})

const unreadable: [what: string, record: FailedRecord, reason: RegExp][] = [
  ['no event', { headers: json, body: '{}' }, /attribute id/],
  ['nothing', { headers: {}, body: '' }, /attribute id/],
  ['data that is no JSON', { headers: good.headers, body: '{' }, /CloudEvent 1\.0/],
  ['a structured event that is no JSON', { headers: structured, body: 'no' }, /CloudEvent 1\.0/],
  [
    'a structured event that is no JSON, with the headers of another',
    { headers: { ...good.headers, ...structured }, body: '{' },
    /CloudEvent 1\.0/,
  ],
  ['no time', { headers: structured, body: text.replace('"time"', '"tame"') }, /attribute time/],
  [
    'a batch',
    { headers: { 'content-type': 'application/cloudevents-batch+json' }, body: `[${text}]` },
    /a batch/,
  ],
  [
    'another charset',
    { headers: { 'content-type': 'application/cloudevents+json; charset=iso-8859-1' }, body: text },
    /charset utf-8/,
  ],
  [
    'a bad name',
    { headers: { ...good.headers, 'ce-a b': 'x' }, body: good.body },
    /attribute names with a-z/,
  ],
  [
    'other bytes than UTF-8',
    { headers: good.headers, body: '\ufffd', bytes: Buffer.from([0xe9, 0x22]) },
    /UTF-8/,
  ],
]

test.each(unreadable)(
  '%s is kept unchanged in the data of the letter, with the reason',
  (_, record, reason) => {
    const { topic, partition, offset } = { topic: 'forms.submitted', partition: 3, offset: 7 }
    const letter = toLetter({ ...record, topic, partition, offset }, why).event
    const { headers, body, bytes } = record
    expect(letter).toMatchObject({ type: unreadableType, ...why })
    expect(letter.data).toEqual({
      why: expect.stringMatching(reason),
      record: { topic, partition, offset },
      headers,
      body: bytes ? bytes.toString('base64') : body,
      encoding: bytes ? 'base64' : 'utf-8',
      length: bytes?.length ?? Buffer.byteLength(body),
      complete: true,
    })
  },
)

const many = Object.fromEntries(
  Array.from({ length: 5000 }, (_, n) => [`ce-kafkaheader${n}`, '\\"'.repeat(100)]),
)
const large: [what: string, record: FailedRecord][] = [
  ['1.3 MB of text', { headers: good.headers, body: JSON.stringify('x'.repeat(1.3e6)) }],
  ['1.3 MB of what JSON escapes', { headers: {}, body: '\u0001'.repeat(1.3e6) }],
  ['1.3 MB of Devanagari', { headers: {}, body: 'क'.repeat(4.4e5) }],
  ['1.5 MB of escapes', { headers: good.headers, body: `"${'\\u0905'.repeat(250_000)}"` }],
  ['1.3 MB of spaces', { headers: good.headers, body: `[${' '.repeat(1.3e6)}]` }],
  ['numbers that grow', { headers: good.headers, body: `[${'1e20,'.repeat(2.6e5)}0]` }],
  [
    '1.3 MB of bytes',
    { headers: good.headers, body: '\ufffd', bytes: Buffer.alloc(1_300_000, 0xff) },
  ],
  ['5,000 headers', { headers: { ...good.headers, ...many }, body: good.body }],
  ['one header of 1 MB', { headers: { ...good.headers, 'ce-a': 'é'.repeat(5e5) }, body: 'x' }],
  ['a body of which a part was kept', { headers: {}, body: 'x'.repeat(2e6), length: 1e9 }],
]

test.each(large)(
  '%s fits a letter of any size limit, which has the position of the whole record',
  (_, record) => {
    for (const maxBytes of [maxLetterBytes, 50_000, 4000]) {
      const { event, message } = toLetter({ ...record, topic: 't', partition: 1, offset: 2 }, why, {
        maxBytes,
      })
      expect(sizeOf(message)).toBeLessThanOrEqual(maxBytes)
      const data = event.data as Unreadable
      expect(data).toMatchObject({
        record: { topic: 't', partition: 1, offset: 2 },
        complete: false,
      })
      expect(data.why).toMatch(/^Expected /)
      const { body, bytes, length } = record
      expect(data.length).toBe(length ?? bytes?.length ?? Buffer.byteLength(body))
      const kept = bytes ? bytes.toString('base64') : body
      expect(kept.startsWith(data.body)).toBe(true)
      expect(data.body.length).toBeGreaterThan(0)
    }
  },
)

test('headers that no server would accept go into the data of the letter', () => {
  const headers = { ...good.headers, 'ce-a': 'x'.repeat(9000) }
  const letter = toLetter({ headers, body: good.body }, why).event
  expect(letter.data).toMatchObject({ headers, body: good.body, complete: true })
  expect(letter).toMatchObject({ type: unreadableType, form: 'demo' })
})

test('the same record gets the same id, another record another id', () => {
  const id = (body: string, offset: number) =>
    toLetter({ headers: json, body, topic: 't', partition: 0, offset }, why).event.id
  expect(id('{', 1)).toBe(id('{', 1))
  expect(new Set([id('{', 1), id('{', 2), id('[', 1)]).size).toBe(3)
})
