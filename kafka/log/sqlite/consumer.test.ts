import { expect, test } from '@jest/globals'
import { SqliteConsumer } from './consumer.ts'
import type { SqliteLog } from './log.ts'

/** Stands at offset 5 of 9, which it cannot read; `commits` are those that the log was told. */
function given() {
  const commits: unknown[] = []
  const log = {
    file: 'log.sqlite',
    async call(name: string, ...args: unknown[]) {
      if (name === 'readForm') throw new Error('broken')
      if (name === 'commit') commits.push(args.at(-1))
      if (name === 'news') return { forms: ['demo'], ends: [9] }
      return name === 'firstOfForm' ? [5] : [9]
    },
  } as unknown as SqliteLog
  const handle = async () => {}
  const failed = Promise.withResolvers<void>()
  const subscription = { topic: 't', group: 'g', from: 'earliest', inFlight: 1, handle } as const
  const standing = { positions: [5], ahead: [], ends: [9], left: 4 }
  const consumer = new SqliteConsumer(
    log,
    { ...subscription, onProblem: () => failed.resolve() },
    standing,
  )
  return { consumer, commits, failed: failed.promise }
}

test('a record is passed only once it is kept', async () => {
  const { consumer, commits, failed } = given()
  await failed
  const keep = () => Promise.reject(new Error('not kept'))
  await expect(consumer.skip({ partition: 0, offset: 5, keep })).rejects.toThrow('not kept')
  expect(await consumer.lag()).toBe(4)
  await consumer.skip({ partition: 0, offset: 5, keep: async () => {} })
  expect(await consumer.lag()).toBe(3)
  await consumer.close()
  expect(commits).toEqual([{ offsets: [6], ahead: [] }])
})

test.each([
  [0, 4, 'Expected the offset at which reading of t/0 stands, 5; found 4'],
  [1, 5, 'Expected a partition of t; found 1'],
])('where it does not stand at %d/%d, nothing is kept', async (partition, offset, message) => {
  const { consumer, failed } = given()
  await failed
  const kept: number[] = []
  const keep = async () => void kept.push(offset)
  await expect(consumer.skip({ partition, offset, keep })).rejects.toThrow(message)
  expect(kept).toEqual([])
  await consumer.close()
})
