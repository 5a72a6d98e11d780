// Records that other producers have sent or could send, and what must happen to each when a task reads it.
import { randomBytes } from 'node:crypto'
import type { IHeaders, Message } from 'kafkajs'

/**
 * `letter`: becomes a dead letter, because it can never be handled. `accepted`: handled like any event or submission.
 * `late`: retried, because its form may be added later; becomes a dead letter after two minutes.
 */
export type Outcome = 'letter' | 'accepted' | 'late'

export interface OddRecord {
  title: string
  message: Message
  /** On forms.submitted, where a plain record can be a submission, and on forms.validated. */
  expected: { submitted: Outcome; validated: Outcome }
}

const both = (outcome: Outcome) => ({ submitted: outcome, validated: outcome })

const odd = (title: string, message: Message, expected = both('letter')): OddRecord => ({
  title,
  message,
  expected,
})

/** A plain record that is a submission on forms.submitted. */
const submission = (title: string, message: Partial<Message>): OddRecord =>
  odd(
    title,
    { value: '{"form":"demo","item1":"odd","item2":"x"}', ...message },
    { submitted: 'accepted', validated: 'letter' },
  )

const plain = (title: string, value: Message['value'], headers: IHeaders = { form: 'demo' }) =>
  odd(title, { value, headers })

const answers = '{"version":"v","answers":{"item1":"odd","item2":"x"}}'
let events = 0

/** A binary-mode event. `typed` replaces its type TYPE by the one that the topic's task reads. */
function event(
  title: string,
  headers: IHeaders,
  {
    value = answers,
    expected = both('letter'),
  }: Partial<Message & Pick<OddRecord, 'expected'>> = {},
): OddRecord {
  const id = `odd-${events++}`
  const message = {
    key: id,
    value,
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: '/elsewhere',
      ce_type: 'TYPE',
      ce_subject: id,
      ce_time: '2026-01-01T00:00:00.000Z',
      ce_form: 'demo',
      'content-type': 'application/json',
      ...headers,
    },
  }
  return odd(title, message, expected)
}

const accepted = { expected: both('accepted') }

const structured = (title: string, value: Message['value'], outcome: Outcome = 'letter') =>
  odd(title, { value, headers: { 'content-type': 'application/cloudevents+json' } }, both(outcome))

const envelope = (more: object): string =>
  JSON.stringify({
    specversion: '1.0',
    id: `odd-${events++}`,
    source: '/elsewhere',
    type: 'TYPE',
    time: '2026-01-01T00:00:00.000Z',
    form: 'demo',
    data: JSON.parse(answers),
    ...more,
  })

const inDays = (days: number): string => String(Date.now() + days * 86_400_000)

export const oddRecords: OddRecord[] = [
  // Values.
  plain('text', 'not JSON'),
  plain('bytes', randomBytes(300)),
  plain('an empty value', ''),
  odd('a tombstone', { key: 'k', value: null }),
  plain('a list', '[1]'),
  plain('null', 'null'),
  plain('a number', '42'),
  plain('a text in JSON', '"demo"'),
  plain('broken JSON', '{"item1":'),
  plain('a byte order mark', '\ufeff{"item1":"a","item2":"x"}'),
  plain('UTF-16', Buffer.from('{"item1":"a","item2":"x"}', 'utf16le')),
  plain('lists in lists', '['.repeat(20_000) + ']'.repeat(20_000)),
  plain('an XML document', '<?xml version="1.0"?><form>demo</form>'),
  plain('an Avro record', Buffer.from([0, 0, 0, 0, 7, 2, 8, 100, 101, 109, 111])),
  submission('a number beyond the range', { value: '{"form":"demo","item1":1e999,"item2":"x"}' }),
  submission('fields named like those of a prototype', {
    value: '{"form":"demo","__proto__":{"a":1},"constructor":1,"item1":"odd","item2":"x"}',
  }),
  submission('the same field twice', {
    value: '{"form":"demo","item1":"a","item1":"odd","item2":"x"}',
  }),
  submission('a text with half of a surrogate pair', {
    value: '{"form":"demo","item1":"\\ud800","item2":"x"}',
  }),
  submission('fields that the form does not have', { value: '{"form":"demo","nothing":1}' }),
  // Forms.
  plain('no form', '{"item1":"a"}', {}),
  plain('an empty form', '{"item1":"a"}', { form: '' }),
  plain('a form that is a number', '{"form":7,"item1":"a"}', {}),
  odd(
    'an unknown form',
    { value: '{"form":"nobody"}' },
    { submitted: 'late', validated: 'letter' },
  ),
  odd(
    'a form of bytes',
    { value: '{}', headers: { form: randomBytes(9) } },
    { submitted: 'late', validated: 'letter' },
  ),
  odd(
    'a form named __proto__',
    { value: '{"form":"__proto__"}' },
    { submitted: 'late', validated: 'letter' },
  ),
  // Headers and keys of a plain record.
  submission('a header with an odd name', { headers: { '\u0000é€': randomBytes(20) } }),
  submission('a header without a name', { headers: { '': 'x' } }),
  submission('a header with a space in its name', { headers: { 'trace parent': 'x' } }),
  submission('a header of several lines', { headers: { note: 'a\r\nce-id: b' } }),
  submission('headers whose names become equal', { headers: { 'a-b': '1', a_b: '2', ab: '3' } }),
  submission('two hundred headers', {
    headers: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`h${n}`, 'x'])),
  }),
  submission('a header of 100 kB', { headers: { note: 'x'.repeat(100_000) } }),
  odd('a header over the size limit of an event', {
    value: '{"form":"demo","item1":"odd","item2":"x"}',
    headers: { note: 'x'.repeat(1_100_000) },
  }),
  submission('a key of bytes', { key: randomBytes(40) }),
  submission('an empty key', { key: '' }),
  submission('a key of 100 kB', { key: 'k'.repeat(100_000) }),
  // Timestamps.
  submission('a timestamp in microseconds', { timestamp: `${Date.now()}000` }),
  submission('a timestamp in nanoseconds', { timestamp: `${Date.now()}000000` }),
  submission('a timestamp of next year', { timestamp: inDays(365) }),
  submission('a timestamp of the first second', { timestamp: '1' }),
  odd(
    'an unknown form with a timestamp of next year',
    { value: '{"form":"nobody"}', timestamp: inDays(365) },
    { submitted: 'late', validated: 'letter' },
  ),
  // Attributes.
  event('half an event', { ce_id: undefined }),
  event('an attribute with a space in its name', { 'ce_trace parent': 'x' }),
  event('an attribute with underscores in its name', { ce_trace_parent: 'x' }),
  event('an attribute without a name', { ce_: 'x' }),
  event('an attribute named __proto__', { ce___proto__: 'x' }),
  event('an attribute named like a method of the CloudEvents library', { ce_validate: 'x' }),
  event('an attribute of bytes', { ce_note: randomBytes(20) }, accepted),
  event('an attribute of 100 kB', { ce_note: 'x'.repeat(100_000) }, accepted),
  event('an attribute over the size limit of an event', { ce_note: 'x'.repeat(1_100_000) }),
  event('another version', { ce_specversion: '9' }),
  event('an old version', { ce_specversion: '0.3' }),
  event('an empty id', { ce_id: '' }),
  event('two ids', { ce_id: ['odd-a', 'odd-b'] }, accepted),
  event('a type of another program', { ce_type: 'com.example.thing' }, accepted),
  event('an invalid source', { ce_source: 'a b<c>' }),
  event('no form in an event', { ce_form: undefined }),
  event('no subject', { ce_subject: undefined }, accepted),
  event('a subject of 20 kB', { ce_subject: 's'.repeat(20_000) }, accepted),
  event('an invalid traceparent', { ce_traceparent: 'x' }, accepted),
  event('no time', { ce_time: undefined }),
  event('bytes as a time', { ce_time: randomBytes(9) }),
  event('words as a time', { ce_time: 'yesterday' }),
  event('a leap second', { ce_time: '2016-12-31T23:59:60Z' }, accepted),
  event('a time in 8,000 years', { ce_time: '9999-12-31T23:59:59.999Z' }, accepted),
  event('a time with six digits for the year', { ce_time: '+057974-01-01T00:00:00.000Z' }),
  // Data.
  event('data that is not JSON', {}, { value: '{' }),
  event('data of another shape', {}, { value: '{"answers":1}' }),
  event('no data', {}, { value: '' }),
  event('data that is null', {}, { value: 'null' }),
  event('data that is a list', {}, { value: '[1]' }),
  event('data as text', { 'content-type': 'text/plain' }),
  event(
    'a batch of events',
    { 'content-type': 'application/cloudevents-batch+json' },
    { value: '[]' },
  ),
  event('an invalid content type', { 'content-type': '\n' }),
  // Structured mode.
  structured('a structured event that is not JSON', '{'),
  structured('a structured event that is a list', '[]'),
  structured('a structured event that is null', 'null'),
  structured('a structured event without an id', envelope({ id: undefined })),
  structured('a structured event with an attribute that is a list', envelope({ note: [1] })),
  structured(
    'a structured event with half of a surrogate pair',
    envelope({ note: '\ud800' }),
    'accepted',
  ),
  structured(
    'a structured event with data in base64',
    envelope({ data: undefined, data_base64: 'e30=' }),
  ),
]

/** The message with TYPE replaced by `type`, and without headers that are undefined. */
export function typed({ message }: OddRecord, type: string): Message {
  const all = {
    ...message.headers,
    ...(message.headers?.ce_type === 'TYPE' && { ce_type: type }),
  }
  const headers = Object.entries(all).filter(([, header]) => header !== undefined)
  const value =
    typeof message.value === 'string' ? message.value.replace('"TYPE"', `"${type}"`) : message.value
  return { ...message, headers: Object.fromEntries(headers), value }
}
