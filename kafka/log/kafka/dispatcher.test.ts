import { expect, test } from '@jest/globals'
import type { EachBatchPayload } from 'kafkajs'
import { HandOut } from './dispatcher.ts'
import type { Member } from './group-session.ts'

const headersOf = (form: string) => ({
  ce_specversion: '1.0',
  ce_id: 'a',
  ce_source: '/forms/a',
  ce_type: 't',
  ce_time: '2026-01-01T00:00:00Z',
  ce_form: form,
})

/** A batch of records at the offsets, as kafkajs hands it over. */
const batchOf = (...offsets: number[]): EachBatchPayload => batchOfForm('', offsets)

const batchOfForm = (form: string, offsets: number[]): EachBatchPayload =>
  ({
    batch: {
      topic: 't',
      partition: 0,
      messages: offsets.map((offset) => ({
        offset: String(offset),
        timestamp: '0',
        headers: headersOf(form),
      })),
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

/** Records that stay open; `group` as given. */
function givenHandOut(group?: string) {
  const handed: [form: string | undefined, offset: number][] = []
  const settle: (() => void)[] = []
  const handOut = new HandOut({
    topic: 't',
    ...(group && { group }),
    from: 'earliest',
    inFlight: 2,
    passed: (_, next) => void passed.push(next),
    handle: ({ headers, offset }) => {
      handed.push([headers['ce-form'], offset])
      return new Promise((resolve) => settle.push(resolve))
    },
  })
  const passed: number[] = []
  handOut.begin()
  return { handOut, handed, settle, passed }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

test('forms take turns, however much of another lies before them in the log', async () => {
  const { handOut, handed, settle } = givenHandOut('g')
  await handOut.batch(batchOfForm('flood', range(0, 5000)))
  await handOut.batch(batchOfForm('quiet', [5000]))
  expect(handed).toEqual([
    ['flood', 0],
    ['flood', 1],
    ['quiet', 5000],
  ])
  settle[2]?.()
  settle[0]?.()
  await new Promise((resolve) => setImmediate(resolve))
  expect(handed.slice(3)).toEqual([['flood', 2]])
  expect(handOut.next(0)).toBe(1)
})

test('the window is bounded, and without a group records come in the order of the log', async () => {
  const { handOut, handed } = givenHandOut('g')
  const filling = handOut.batch(batchOfForm('flood', range(0, 20_000)))
  const passing = filling.then(() => 'taken')
  const waits = new Promise((resolve) => setImmediate(resolve, 'waits'))
  expect(await Promise.race([passing, waits])).toBe('waits')
  expect(handed).toHaveLength(2)
  const closed = handOut.close()
  await filling
  void closed
  const watching = givenHandOut()
  const read = watching.handOut.batch(batchOfForm('a', [0, 1, 2, 3]))
  expect([watching.handed.length, watching.passed]).toEqual([2, []])
  for (let n = 0; n < 4; n++) {
    watching.settle[n]?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await read
  expect(watching.handed.map(([, offset]) => offset)).toEqual([0, 1, 2, 3])
  expect(watching.passed).toEqual([4])
})
