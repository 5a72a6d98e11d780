import { expect, test } from '@jest/globals'
import { expectNextRecord } from './expect-next-record.ts'

const at = (offset: number) => ({ topic: 't', partition: 1, offset })

test('the next record of a partition can be skipped', () => {
  expect(() => expectNextRecord({ offset: 3, end: 4 }, at(3))).not.toThrow()
})

test.each([
  ['a later record', { offset: 3, end: 9 }, 4, 'Expected the next offset of t/1, 3, found 4'],
  [
    'the end of the partition',
    { offset: 4, end: 4 },
    4,
    'Expected a record to skip in t/1, found its end at 4',
  ],
  [
    'an earlier record when all are handled',
    { offset: 4, end: 4 },
    2,
    'Expected a record to skip in t/1, found its end at 4',
  ],
  ['a partition that does not exist', undefined, 0, 'Expected a partition of t, found 1'],
])('%s cannot be skipped', (_, position, offset, message) => {
  expect(() => expectNextRecord(position, at(offset))).toThrow(message)
})
