import { afterEach, expect, jest, test } from '@jest/globals'
import { until } from '../../../test/until.ts'
import { LogUnavailable } from '../port.ts'
import { Batcher } from './batcher.ts'
import { PartitionWriter } from './partition-writer.ts'
import {
  fakeProducers,
  forbidden,
  never,
  outcomes,
  record,
  type Send,
  tooLarge,
} from './producer.fixture.ts'

afterEach(() => {
  jest.useRealTimers()
})

interface Options {
  partitions?: number
  deadline?: number
}

function startBatcher(send: Send, { partitions = 3, deadline = 5000 }: Options = {}) {
  const { open, sent, closed } = fakeProducers(send)
  const writers = Array.from({ length: partitions }, (_, n) => new PartitionWriter(() => open(n)))
  const batcher = new Batcher(writers, deadline)
  const append = (value: string) => batcher.append(record(value))
  return { batcher, sent, closed, append, batches: () => sent.map(([, values]) => values) }
}

test('one batch is sent at a time; records that arrive meanwhile form the next one', async () => {
  const first = Promise.withResolvers<void>()
  const { batches, append } = startBatcher(async ([value]) =>
    value === 'a' ? first.promise : undefined,
  )
  const appends = ['a', 'b', 'c'].map(append)
  await Promise.resolve()
  first.resolve()
  await Promise.all([...appends, append('d')])
  expect(batches()).toEqual(['a', 'b,c,d'])
})

test('batches go to the partitions in turn', async () => {
  const { sent, append } = startBatcher(async () => {})
  for (let n = 0; n < 30; n++) await append(String(n))
  const partitions = sent.map(([partition]) => partition)
  for (const partition of [0, 1, 2]) {
    expect(partitions.filter((one) => one === partition)).toHaveLength(10)
  }
  expect(new Set(partitions.slice(0, 3)).size).toBe(3)
})

test('a slow batch is passed over, and repeated unchanged on its partition until it is written', async () => {
  const back = Promise.withResolvers<void>()
  let slow: number | undefined
  const { sent, append } = startBatcher(async (_values, { partition, producer }) => {
    slow ??= partition
    if (partition !== slow) return
    if (producer === 1) await back.promise.then(() => Promise.reject(new Error('gave up')))
  })
  const first = append('a')
  for (const value of ['b', 'c', 'd', 'e']) await append(value)
  expect(sent.slice(1).some(([partition]) => partition === slow)).toBe(false)
  back.resolve()
  await first
  for (const value of ['f', 'g', 'h']) await append(value)
  const onSlow = sent.filter(([partition]) => partition === slow)
  expect(onSlow.slice(0, 2)).toEqual([
    [slow, 'a', 1],
    [slow, 'a', 2],
  ])
  // Free again, it gets one batch of three.
  expect(onSlow).toHaveLength(3)
})

test('while a batch is overdue, the next one takes only the part of its partition of what waits', async () => {
  jest.useFakeTimers()
  const { batches, append } = startBatcher(never, { partitions: 4 })
  const results = outcomes([...'abcdefg'].map(append))
  await jest.advanceTimersByTimeAsync(5000)
  await results
  expect(batches()).toEqual(['a', 'b,c', 'd,e', 'f,g'])
})

test('with all partitions busy, records wait for the first one that is free, in the order of arrival', async () => {
  const answers: (() => void)[] = []
  const { sent, append } = startBatcher(() => new Promise((resolve) => answers.push(resolve)), {
    partitions: 2,
  })
  const appends = ['a', 'b'].map(append)
  await until(() => answers.length === 2)
  appends.push(...['c', 'd'].map(append))
  answers[1]?.()
  await appends[1]
  while (answers.length < 3) await new Promise((resolve) => setImmediate(resolve))
  expect(sent[2]).toEqual([sent[1]?.[0], 'c,d', 1])
  for (const answer of answers) answer()
  await Promise.all(appends)
})

test('on one partition no batch passes a slow one', async () => {
  const first = Promise.withResolvers<void>()
  const { batches, append } = startBatcher(
    async ([value]) => (value === 'a' ? first.promise : undefined),
    { partitions: 1, deadline: 400 },
  )
  const [errorOfA, errorOfB] = await outcomes(['a', 'b'].map(append))
  expect([errorOfA, errorOfB]).toMatchObject([{ begun: true }, { begun: false }])
  first.resolve()
  await append('c')
  expect(batches()).toEqual(['a', 'c'])
})

test('at the deadline a batch being sent counts as begun; records that wait do not, and are never sent', async () => {
  const late = Promise.withResolvers<void>()
  const { batcher, batches, append } = startBatcher(() => late.promise, { deadline: 20 })
  const errors = await outcomes(['a', 'b'].map(append))
  expect(errors).toMatchObject([
    { name: 'LogUnavailable', begun: true, message: 'No answer from Kafka in 20 ms' },
    { name: 'LogUnavailable', begun: false },
  ])
  expect(batcher.stalledFor).toBeGreaterThan(10)
  late.resolve()
  await append('c')
  expect(batches()).toEqual(['a', 'c'])
  expect(batcher.stalledFor).toBe(0)
})

test('records that arrive later have their own deadline', async () => {
  jest.useFakeTimers()
  const { append } = startBatcher(never, { deadline: 30 })
  const first = outcomes([append('a')])
  await jest.advanceTimersByTimeAsync(10)
  let isLate = false
  const second = outcomes([append('b')]).finally(() => {
    isLate = true
  })
  await jest.advanceTimersByTimeAsync(20)
  expect(await first).toMatchObject([{ begun: true }])
  expect(isLate).toBe(false)
  await jest.advanceTimersByTimeAsync(10)
  expect(await second).toMatchObject([{ begun: false }])
})

test('the log is not stalled while batches of other partitions are written', async () => {
  const back = Promise.withResolvers<void>()
  let slow: number | undefined
  const { batcher, append } = startBatcher((_values, { partition }) => {
    slow ??= partition
    return partition === slow ? back.promise : Promise.resolve()
  })
  const first = append('a')
  await append('b')
  expect(batcher.stalledFor).toBe(0)
  back.resolve()
  await first
})

test('in a batch that is too large only the large record fails, and the others keep their order on one partition', async () => {
  const stored: [string, number][] = []
  const { append } = startBatcher(async (values, { partition }) => {
    if (values.includes('large')) throw tooLarge()
    stored.push(...values.map((value): [string, number] => [value, partition]))
  })
  const values = ['first', ...'abcdefg'.split(''), 'large', ...'hijk'.split('')]
  const errors = await outcomes(values.map(append))
  expect(stored.map(([value]) => value)).toEqual(values.filter((value) => value !== 'large'))
  expect(new Set(stored.slice(1).map(([, partition]) => partition)).size).toBe(1)
  expect(values.filter((_, index) => errors[index])).toEqual(['large'])
  const error = errors[values.indexOf('large')]
  expect(error).not.toBeInstanceOf(LogUnavailable)
  expect(error?.message).toBe('too large')
})

test('a refusal fails the records of its batch only', async () => {
  const { append } = startBatcher(async ([value]) => {
    if (value === 'a') throw forbidden()
  })
  expect(await outcomes(['a', 'b', 'c'].map(append))).toMatchObject([
    { name: 'LogUnavailable', begun: false },
    undefined,
    undefined,
  ])
})

test('close waits for pending appends', async () => {
  const { batcher, closed, append } = startBatcher(async () => {}, { partitions: 1 })
  const appends = ['a', 'b', 'c'].map(append)
  await batcher.close()
  expect(await outcomes(appends)).toEqual([undefined, undefined, undefined])
  expect(closed).toEqual([[0, 1]])
})

test('close stops waiting at the deadline, and records that wait are not sent', async () => {
  const { batcher, batches, append } = startBatcher(async () => Promise.reject(new Error('away')), {
    partitions: 1,
    deadline: 250,
  })
  const results = outcomes(['a', 'b'].map(append))
  await batcher.close()
  expect(await results).toMatchObject([
    { name: 'LogUnavailable', begun: true },
    { name: 'LogUnavailable', begun: false },
  ])
  expect(batches().every((values) => values === 'a')).toBe(true)
})
