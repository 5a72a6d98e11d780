import { expect, test } from '@jest/globals'
import { isLegacyKey, newIdempotencyKey, submissionId } from './submission-id.ts'

const uuid = (version: number) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

test('ids from keys of the endpoint are random and ordered by time', () => {
  const keys = Array.from({ length: 1000 }, newIdempotencyKey)
  const ids = keys.map((key) => submissionId('demo', key, '{}'))
  expect(new Set(ids).size).toBe(1000)
  for (const id of [...keys, ...ids]) expect(id).toMatch(uuid(7))
  expect(ids.map((id) => id.slice(0, 13))).toEqual(ids.map((id) => id.slice(0, 13)).toSorted())
})

test('the same form, key and answers are the same submission; a change of any is another', () => {
  for (const key of ['order-7', newIdempotencyKey()]) {
    const id = submissionId('demo', key, '{"a":1}')
    expect(submissionId('demo', key, '{"a":1}')).toBe(id)
    expect(submissionId('demo', key, '{"a":2}')).not.toBe(id)
    expect(submissionId('other', key, '{"a":1}')).not.toBe(id)
    expect(submissionId('demo', `${key}x`, '{"a":1}')).not.toBe(id)
  }
})

test("the id under a client's key is a valid UUIDv8", () => {
  for (let n = 0; n < 100; n++) {
    expect(submissionId('demo', `key ${n}`, '{}')).toMatch(uuid(8))
  }
})

test.each([
  ['of an earlier version', '019ab000-0000-7abc-8def-0123456789ab', true],
  ['of this version, on a clock that is late', '019ab000-0000-7abc-8def-012345675e27', false],
  ['that a client made since', '0fffffff-ffff-7abc-8def-0123456789ab', false],
  ['that is no UUIDv7', 'order 7', false],
])('a key %s is recognised', (_, key, former) => {
  expect(isLegacyKey(key)).toBe(former)
})

test('new keys are not legacy keys', () => {
  for (let n = 0; n < 1000; n++) expect(isLegacyKey(newIdempotencyKey())).toBe(false)
})
