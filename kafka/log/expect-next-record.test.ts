import { expect, test } from '@jest/globals'
import { expectToStandAt } from './expect-next-record.ts'

const at = (offset: number) => ({ topic: 't', partition: 1, offset })

test('a record that waits where reading stands can be skipped', () => {
  expect(() => expectToStandAt({ offset: 3, end: 4 }, at(3))).not.toThrow()
})

test.each([
  [
    'elsewhere',
    { offset: 3, end: 9 },
    4,
    'Expected the offset at which reading of t/1 stands, 3; found 4',
  ],
  ['at the end', { offset: 4, end: 4 }, 4, 'Expected a record at 4, the end of t/1; found none'],
  [
    'at the end, asked for another',
    { offset: 4, end: 4 },
    2,
    'Expected a record at 4, the end of t/1; found none',
  ],
  ['in no such partition', undefined, 0, 'Expected a partition of t; found 1'],
])('where reading stands %s, the error says so', (_, position, offset, message) => {
  expect(() => expectToStandAt(position, at(offset))).toThrow(message)
})
