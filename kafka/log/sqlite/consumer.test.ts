import { expect, test } from '@jest/globals'
import { SqliteConsumer } from './consumer.ts'
import type { StoreThread } from './store-thread.ts'

/** A consumer that cannot read its next record, at offset 5 of 9. `commits`: what it stored. */
async function startBlockedConsumer() {
  const commits: unknown[] = []
  const store = {
    file: 'log.sqlite',
    async call(name: string, ...args: unknown[]) {
      if (name === 'readForm') throw new Error('broken')
      if (name === 'commit') commits.push(args.at(-1))
      if (name === 'news') return { forms: ['demo'], ends: [9] }
      return name === 'firstOfForm' ? [5] : [9]
    },
  } as unknown as StoreThread
  const failed = Promise.withResolvers<void>()
  const subscription = {
    topic: 't',
    group: 'g',
    from: 'earliest',
    inFlight: 1,
    handle: async () => {},
    onProblem: () => failed.resolve(),
  } as const
  const start = { positions: [5], ahead: [], ends: [9], remaining: 4 }
  const consumer = new SqliteConsumer(store, subscription, start)
  await failed.promise
  return { consumer, commits }
}

test('a record is skipped only after it was kept', async () => {
  const { consumer, commits } = await startBlockedConsumer()
  const keep = () => Promise.reject(new Error('not kept'))
  await expect(consumer.skip({ partition: 0, offset: 5, keep })).rejects.toThrow('not kept')
  expect(await consumer.lag()).toBe(4)
  await consumer.skip({ partition: 0, offset: 5, keep: async () => {} })
  expect(await consumer.lag()).toBe(3)
  await consumer.close()
  expect(commits).toEqual([{ offsets: [6], ahead: [] }])
})

test.each([
  [0, 4, 'Expected the next offset of t/0, 5, found 4'],
  [1, 5, 'Expected a partition of t, found 1'],
])(
  '%d/%d, which is not the next record, is neither kept nor skipped',
  async (partition, offset, message) => {
    const { consumer } = await startBlockedConsumer()
    const kept: number[] = []
    const keep = async () => void kept.push(offset)
    await expect(consumer.skip({ partition, offset, keep })).rejects.toThrow(message)
    expect(kept).toEqual([])
    await consumer.close()
  },
)
