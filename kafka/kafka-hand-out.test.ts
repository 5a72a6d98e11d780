import { expect, test } from '@jest/globals'
import type { EachBatchPayload } from 'kafkajs'
import { HandOut } from './kafka-hand-out.ts'
import type { Member } from './kafka-member.ts'

/** A batch of records at the offsets, as kafkajs hands it over. */
const batchOf = (...offsets: number[]): EachBatchPayload =>
  ({
    batch: {
      topic: 't',
      partition: 0,
      messages: offsets.map((offset) => ({ offset: String(offset), timestamp: '0', headers: {} })),
      lastOffset: () => String(offsets.at(-1)),
    },
    resolveOffset: () => {},
    heartbeat: async () => {},
    isRunning: () => true,
    isStale: () => false,
  }) as unknown as EachBatchPayload

test('a batch that waits while its member joins again is given up: what is open is not committed past', async () => {
  const handed: number[] = []
  const settle: (() => void)[] = []
  const handOut = new HandOut({
    topic: 't',
    group: 'g',
    from: 'earliest',
    inFlight: 2,
    handle: ({ offset }) => {
      handed.push(offset)
      return new Promise((resolve) => settle.push(resolve))
    },
  })
  const committed: number[] = []
  const member = {
    commit: async (offsets: Map<number, number>) => void committed.push(...offsets.values()),
  } as unknown as Member
  handOut.begin()
  const first = handOut.batch(batchOf(0, 1, 2, 3))
  expect(handed).toEqual([0, 1])
  handOut.begin()
  settle[1]?.()
  await first
  await handOut.commit(member)
  expect([handed, committed]).toEqual([[0, 1], []])
  // The new membership starts where the group had committed: at 0.
  const again = handOut.batch(batchOf(0, 1))
  for (const done of settle) done()
  await again
  for (const done of settle) done()
  await handOut.close()
  await handOut.commit(member)
  expect([handed, committed]).toEqual([[0, 1, 0, 1], [2]])
})
