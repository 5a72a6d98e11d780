// Records that every task rejects, for the tests of dead letters on Kafka.
import { randomBytes } from 'node:crypto'
import type { Message } from 'kafkajs'

export function event(id: string, more: Record<string, string | Buffer> = {}): Message {
  const headers = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: '/forms/demo',
    ce_type: 'formstream.submission.submitted',
    ce_subject: id,
    ce_time: '2026-01-01T00:00:00.000Z',
    ce_form: 'demo',
    'content-type': 'application/json',
    ...more,
  }
  return { headers, value: JSON.stringify({ answers: { item1: id } }) }
}

function structured(item1: string): string {
  const { specversion, id, source, type } = {
    specversion: '1.0',
    id: 'structured',
    source: '/x',
    type: 'formstream.submission.submitted',
  }
  const time = '2026-01-01T00:00:00Z'
  return JSON.stringify({ specversion, id, source, type, time, data: { answers: { item1 } } })
}

/** Each is rejected by every task. Its dead letter has a reason that matches `reason`. */
export const odd: [title: string, message: Message, reason: RegExp][] = [
  [
    'a structured event that is not JSON',
    { value: 'no JSON', headers: { 'content-type': 'application/cloudevents+json' } },
    /^Expected a valid CloudEvent 1\.0/,
  ],
  [
    'a structured event in Latin-1',
    {
      value: Buffer.from(structured('caf\u00e9'), 'latin1'),
      headers: { 'content-type': 'application/cloudevents+json; charset=iso-8859-1' },
    },
    /^Expected the (charset utf-8|body as UTF-8)/,
  ],
  [
    'ASCII declared as Latin-1',
    {
      value: structured('cafe'),
      headers: { 'content-type': 'application/cloudevents+json; charset=iso-8859-1' },
    },
    /^Expected the charset utf-8/,
  ],
  [
    'a structured event in Latin-1 without a charset',
    {
      value: Buffer.from(structured('caf\u00e9'), 'latin1'),
      headers: { 'content-type': 'application/cloudevents+json' },
    },
    /^Expected the body as UTF-8/,
  ],
  [
    'a plain record in Latin-1',
    { value: Buffer.from('{"form":"demo","item1":"caf\u00e9"}', 'latin1') },
    /^Expected the body as UTF-8/,
  ],
  [
    'an event with data in Latin-1',
    { ...event('latin'), value: Buffer.from('{"answers":{"item1":"\u00e9"}}', 'latin1') },
    /^Expected the body as UTF-8/,
  ],
  [
    '1.3 MB of bytes',
    { value: Buffer.concat([Buffer.of(0xff), randomBytes(1_300_000)]) },
    /^Expected the body as UTF-8.+ cut, the whole is forms\.submitted 0\/6/,
  ],
  [
    '1.3 MB of 1e20',
    { ...event('grows'), value: `{"answers":{"item1":[${'1e20,'.repeat(260_000)}0]}}` },
    /^Expected a letter of at most .+ cut, the whole is forms\.submitted 0\/7/,
  ],
  [
    '1.3 MB of characters that JSON escapes',
    { value: '\u0001'.repeat(1_300_000) },
    /^Expected a letter of at most .+ cut, the whole is forms\.submitted 0\/8/,
  ],
]
