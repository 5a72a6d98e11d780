import { expect, test } from '@jest/globals'
import { LogUnavailable } from '../port.ts'
import { BatchRefusal, type OutgoingRecord, type PartitionProducer } from './partition-producer.ts'
import { PartitionWriter } from './partition-writer.ts'

const record = (value: string): OutgoingRecord => ({ key: value, value, headers: {} })

type Send = (values: string[], producer: number) => Promise<void>

/** A writer whose producers are numbered from 1. `sent`: the batches each of them got. */
function startWriter(send: Send, { deadline = 1000 } = {}) {
  const sent: [producer: number, values: string][] = []
  const closed: number[] = []
  let opened = 0
  const open = async (): Promise<PartitionProducer> => {
    const number = ++opened
    return {
      async send(records) {
        const values = records.map(({ value }) => value)
        sent.push([number, values.join()])
        await send(values, number)
      },
      async close() {
        closed.push(number)
      },
    }
  }
  const writer = new PartitionWriter(open, deadline)
  return { writer, sent, closed, append: (value: string) => writer.append(record(value)) }
}

/** The error of each append, or undefined. */
const outcomes = async (appends: Promise<void>[]): Promise<(Error | undefined)[]> =>
  (await Promise.allSettled(appends)).map((one) =>
    one.status === 'fulfilled' ? undefined : (one.reason as Error),
  )

const forbidden = (begun = false) => new BatchRefusal('no permission', { tooLarge: false, begun })
const tooLarge = () => new BatchRefusal('too large', { tooLarge: true, begun: false })
const hang = () => new Promise<void>(() => {})

test('one batch is sent at a time; records that arrive meanwhile form the next one', async () => {
  const first = Promise.withResolvers<void>()
  const { sent, append } = startWriter(async ([value]) =>
    value === 'a' ? first.promise : undefined,
  )
  const appends = ['a', 'b', 'c'].map(append)
  await Promise.resolve()
  first.resolve()
  await Promise.all(appends)
  expect(sent).toEqual([
    [1, 'a'],
    [1, 'b,c'],
  ])
})

test('a batch that fails is sent unchanged by a new producer, before later records', async () => {
  const { sent, closed, append } = startWriter(async (_values, producer) => {
    if (producer < 3) throw new Error('gave up')
  })
  await Promise.all(['a', 'b'].map(append))
  expect(sent).toEqual([
    [1, 'a'],
    [2, 'a'],
    [3, 'a'],
    [3, 'b'],
  ])
  expect(closed).toEqual([1, 2])
})

test('at the deadline a batch being sent counts as begun; records that wait do not, and are never sent', async () => {
  const late = Promise.withResolvers<void>()
  const { writer, sent, append } = startWriter(() => late.promise, { deadline: 20 })
  const errors = await outcomes(['a', 'b'].map(append))
  expect(errors).toMatchObject([
    { name: 'LogUnavailable', begun: true, message: 'No answer from Kafka in 20 ms' },
    { name: 'LogUnavailable', begun: false },
  ])
  expect(writer.batchAge).toBeGreaterThan(10)
  late.resolve()
  await append('c')
  expect(sent).toEqual([
    [1, 'a'],
    [1, 'c'],
  ])
  expect(writer.batchAge).toBe(0)
})

test('a refused batch fails at once with begun: false; the next append tries again', async () => {
  const { writer, sent, append } = startWriter(async (_values, producer) => {
    if (producer < 3) throw forbidden()
  })
  for (const value of ['a', 'b']) {
    const [error] = await outcomes([append(value)])
    expect(error).toMatchObject({ name: 'LogUnavailable', begun: false, message: 'no permission' })
    expect(error?.cause).toBeInstanceOf(BatchRefusal)
  }
  await append('c')
  expect(sent).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ])
  expect(writer.batchAge).toBe(0)
})

test.each([
  ['its producer made an earlier attempt', async () => Promise.reject(forbidden(true))],
  [
    'an earlier producer failed',
    async (_values: string[], producer: number) =>
      Promise.reject(producer === 1 ? new Error('gave up') : forbidden()),
  ],
])('a refused batch may have been written if %s', async (_why, send) => {
  const [error] = await outcomes([startWriter(send).append('a')])
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: true })
})

test('a producer that is refused while opening fails its batch; the next append opens another', async () => {
  let opened = 0
  const writer = new PartitionWriter(async () => {
    opened += 1
    if (opened === 1) throw forbidden()
    return { send: async () => {}, close: async () => {} }
  }, 1000)
  const [error] = await outcomes([writer.append(record('a'))])
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: false })
  await writer.append(record('b'))
  expect(opened).toBe(2)
})

test('in a batch that is too large only the large record fails, and the others keep their order', async () => {
  const stored: string[] = []
  const { append } = startWriter(async (values) => {
    if (values.includes('large')) throw tooLarge()
    stored.push(...values)
  })
  const values = ['first', ...'abcdefg'.split(''), 'large', ...'hijk'.split('')]
  const errors = await outcomes(values.map(append))
  expect(stored).toEqual(values.filter((value) => value !== 'large'))
  expect(values.filter((_, index) => errors[index])).toEqual(['large'])
  const error = errors[values.indexOf('large')]
  expect(error).not.toBeInstanceOf(LogUnavailable)
  expect(error?.message).toBe('too large')
})

test('close waits for pending appends', async () => {
  const { writer, closed, append } = startWriter(async () => {})
  const appends = ['a', 'b', 'c'].map(append)
  await writer.close()
  expect(await outcomes(appends)).toEqual([undefined, undefined, undefined])
  expect(closed).toEqual([1])
})

test('close stops waiting at the deadline, and records that wait are not sent', async () => {
  const { writer, sent, append } = startWriter(async () => Promise.reject(new Error('away')), {
    deadline: 250,
  })
  const results = outcomes(['a', 'b'].map(append))
  await writer.close()
  expect(await results).toMatchObject([
    { name: 'LogUnavailable', begun: true },
    { name: 'LogUnavailable', begun: false },
  ])
  expect(sent.every(([, values]) => values === 'a')).toBe(true)
})

test('close does not wait for a producer whose broker does not answer', async () => {
  const producer = { send: hang, close: hang }
  const writer = new PartitionWriter(async () => producer, 10)
  const [error] = await outcomes([writer.append(record('a'))])
  await writer.close()
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: true })
})
