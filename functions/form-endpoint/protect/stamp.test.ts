import { expect, test } from '@jest/globals'
import { makeStamp, timeOfStamp } from './stamp.ts'

const secrets = ['a'.repeat(32)]
const stamped = { form: 'demo', time: Date.parse('2026-11-28T12:00:00Z') }
const stamp = makeStamp(secrets, stamped) as string

test('a stamp has the time at which a page was made', () => {
  expect(timeOfStamp(secrets, 'demo', stamp)).toBe(stamped.time)
})

test('it holds while its secret is one of those that are accepted', () => {
  expect(timeOfStamp(['b'.repeat(32), ...secrets], 'demo', stamp)).toBe(stamped.time)
  expect(timeOfStamp(['b'.repeat(32)], 'demo', stamp)).toBeUndefined()
})

test.each([
  ['of another form', 'other', stamp],
  ['with another time', 'demo', stamp.replace(/^\d/, '2')],
  ['without a signature', 'demo', String(stamped.time)],
  ...['', '.', 'now', undefined, null, 7, [stamp]].map((sent) => [String(sent), 'demo', sent]),
])('a stamp %s has no time', (_, form, sent) => {
  expect(timeOfStamp(secrets, form as string, sent)).toBeUndefined()
})

test('without a secret there is none', () => {
  expect(makeStamp([], stamped)).toBeUndefined()
})
