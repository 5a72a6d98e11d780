import { expect, test } from '@jest/globals'
import type { EachBatchPayload } from 'kafkajs'
import { KafkaDispatcher } from './dispatcher.ts'
import type { GroupSession } from './group-session.ts'

const headersOf = (form: string) => ({
  ce_specversion: '1.0',
  ce_id: 'a',
  ce_source: '/forms/a',
  ce_type: 't',
  ce_time: '2026-01-01T00:00:00Z',
  ce_form: form,
})

/** A batch of kafkajs with records at these offsets. */
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

test('a batch that waits while its member rejoins is dropped, so no open record is committed past', async () => {
  const handled: number[] = []
  const finish: (() => void)[] = []
  const dispatcher = new KafkaDispatcher({
    topic: 't',
    group: 'g',
    from: 'earliest',
    inFlight: 2,
    handle: ({ offset }) => {
      handled.push(offset)
      return new Promise((resolve) => finish.push(resolve))
    },
  })
  const committed: number[] = []
  const session = {
    commit: async (offsets: Map<number, number>) => void committed.push(...offsets.values()),
  } as unknown as GroupSession
  dispatcher.begin()
  const first = dispatcher.batch(batchOf(0, 1, 2, 3))
  expect(handled).toEqual([0, 1])
  dispatcher.begin()
  finish[1]?.()
  await first
  await dispatcher.commit(session)
  expect([handled, committed]).toEqual([[0, 1], []])
  // The new session starts at the group's committed offset, 0.
  const again = dispatcher.batch(batchOf(0, 1))
  for (const done of finish) done()
  await again
  for (const done of finish) done()
  await dispatcher.close()
  await dispatcher.commit(session)
  expect([handled, committed]).toEqual([[0, 1, 0, 1], [2]])
})

/** Its records stay open until `finish` is called for them. */
function startDispatcher(group?: string) {
  const handled: [form: string | undefined, offset: number][] = []
  const finish: (() => void)[] = []
  const dispatcher = new KafkaDispatcher({
    topic: 't',
    ...(group && { group }),
    from: 'earliest',
    inFlight: 2,
    passed: (_, next) => void passed.push(next),
    handle: ({ headers, offset }) => {
      handled.push([headers['ce-form'], offset])
      return new Promise((resolve) => finish.push(resolve))
    },
  })
  const passed: number[] = []
  dispatcher.begin()
  return { dispatcher, handled, finish, passed }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)

test('forms take turns, however many records of another come first in the log', async () => {
  const { dispatcher, handled, finish } = startDispatcher('g')
  await dispatcher.batch(batchOfForm('flood', range(0, 5000)))
  await dispatcher.batch(batchOfForm('quiet', [5000]))
  expect(handled).toEqual([
    ['flood', 0],
    ['flood', 1],
    ['quiet', 5000],
  ])
  finish[2]?.()
  finish[0]?.()
  await new Promise((resolve) => setImmediate(resolve))
  expect(handled.slice(3)).toEqual([['flood', 2]])
  expect(dispatcher.committable(0)).toBe(1)
})

test('the window is bounded, and without a group records keep the order of the partition', async () => {
  const { dispatcher, handled } = startDispatcher('g')
  const filling = dispatcher.batch(batchOfForm('flood', range(0, 20_000)))
  const passing = filling.then(() => 'taken')
  const waits = new Promise((resolve) => setImmediate(resolve, 'waits'))
  expect(await Promise.race([passing, waits])).toBe('waits')
  expect(handled).toHaveLength(2)
  const closed = dispatcher.close()
  await filling
  void closed
  const watching = startDispatcher()
  const read = watching.dispatcher.batch(batchOfForm('a', [0, 1, 2, 3]))
  expect([watching.handled.length, watching.passed]).toEqual([2, []])
  for (let n = 0; n < 4; n++) {
    watching.finish[n]?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await read
  expect(watching.handled.map(([, offset]) => offset)).toEqual([0, 1, 2, 3])
  expect(watching.passed).toEqual([4])
})
