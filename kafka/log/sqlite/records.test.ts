// How much of a topic with large records is in memory at a time.
import { afterEach, expect, test } from '@jest/globals'
import { openDatabase } from './database.ts'
import { Records, recordsSchema } from './records.ts'

const db = openDatabase(':memory:', recordsSchema)
afterEach(() => db.close())

test('one read returns some MiB of large records, and the oldest records are taken one at a time', () => {
  const records = new Records(db, [
    { name: 't', partitions: 2, retention: { days: null, bytes: Number.MAX_SAFE_INTEGER } },
  ])
  const body = 'x'.repeat(900_000)
  for (let n = 0; n < 40; n++) records.insert({ topic: 't', partition: n % 2, headers: '{}', body })
  const read = records.read('t', [0, 0], 250)
  const offsetsOf = (wanted: number) =>
    read.filter(({ partition }) => partition === wanted).map(({ offset }) => offset)
  expect(offsetsOf(0)).toEqual([0, 1, 2, 3, 4])
  expect(offsetsOf(1)).toEqual([0, 1, 2, 3, 4])
  expect(Array.isArray(records.firsts('t', 0, 2000))).toBe(false)
  expect([...records.firsts('t', 0, 2000)]).toHaveLength(20)
})
