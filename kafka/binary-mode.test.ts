// Binary mode there and back.
import { expect, test } from '@jest/globals'
import { CloudEvent } from 'cloudevents'
import { fromMessage, toMessage } from './binary-mode.ts'

const event = (attributes: object) =>
  new CloudEvent<unknown>({
    id: 'a',
    source: '/forms/demo',
    type: 'formstream.submission.submitted',
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    ...attributes,
  })

test.each([
  ['an object', { data: { item1: 'नमस्ते' } }],
  ['a number', { data: 42 }],
  ['a boolean', { data: true }],
  ['text as JSON', { data: 'hello' }],
  ['text', { data: 'hello', datacontenttype: 'text/plain' }],
  ['no data', {}],
  ['a subject that no header could carry', { subject: 'na me "100 %" नमस्ते\n😀', data: {} }],
])('%s comes out as it went in', (_name, attributes) => {
  const given = event(attributes)
  const { headers, body } = toMessage(given)
  for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/)
  expect(fromMessage(headers, body).toJSON()).toEqual(given.toJSON())
})

test.each([
  ['no id', { 'ce-id': '' }, 'Expected the attribute id'],
  ['no time', { 'ce-time': '' }, 'Expected the attribute time'],
  ['a name with other characters', { 'ce-a_b': 'x' }, 'Expected names of attributes'],
  ['a name of a prototype', { 'ce-__proto__': 'x' }, 'Expected names of attributes'],
  ['another version', { 'ce-specversion': '0.3' }, 'Expected specversion 1.0'],
])('%s is refused', (_name, headers, message) => {
  const valid = toMessage(event({ data: {} }))
  expect(() => fromMessage({ ...valid.headers, ...headers }, valid.body)).toThrow(message)
})
