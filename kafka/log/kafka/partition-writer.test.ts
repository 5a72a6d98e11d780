import { expect, test } from '@jest/globals'
import { LogUnavailable } from '../port.ts'
import { Refused } from './partition-producer.ts'
import { Lane, type LaneProducer, type LaneRecord } from './partition-writer.ts'

const record = (value: string): LaneRecord => ({ key: value, value, headers: {} })

type Send = (values: string[], producer: number) => Promise<void>

/** A lane whose producers are numbered from 1; `sent` has what each was given. */
function given(send: Send, { deadline = 1000 } = {}) {
  const sent: [producer: number, values: string][] = []
  const closed: number[] = []
  let opened = 0
  const open = async (): Promise<LaneProducer> => {
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
  const lane = new Lane(open, deadline)
  return { lane, sent, closed, append: (value: string) => lane.append(record(value)) }
}

/** What became of each append: undefined, or its error. */
const outcomes = async (appends: Promise<void>[]): Promise<(Error | undefined)[]> =>
  (await Promise.allSettled(appends)).map((one) =>
    one.status === 'fulfilled' ? undefined : (one.reason as Error),
  )

const forbidden = (begun = false) => new Refused('no right', { tooLarge: false, begun })
const tooLarge = () => new Refused('too large', { tooLarge: true, begun: false })
const hang = () => new Promise<void>(() => {})

test('one batch is under way; what comes meanwhile goes together in the next one', async () => {
  const first = Promise.withResolvers<void>()
  const { sent, append } = given(async ([value]) => (value === 'a' ? first.promise : undefined))
  const appends = ['a', 'b', 'c'].map(append)
  await Promise.resolve()
  first.resolve()
  await Promise.all(appends)
  expect(sent).toEqual([
    [1, 'a'],
    [1, 'b,c'],
  ])
})

test('a batch that a producer gives up is sent as it was on a new one, before what came after it', async () => {
  const { sent, closed, append } = given(async (_values, producer) => {
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

test('at the deadline what is under way has begun, what waits has not and is never sent', async () => {
  const late = Promise.withResolvers<void>()
  const { lane, sent, append } = given(() => late.promise, { deadline: 20 })
  const errors = await outcomes(['a', 'b'].map(append))
  expect(errors).toMatchObject([
    { name: 'LogUnavailable', begun: true, message: 'No answer from Kafka in 20 ms' },
    { name: 'LogUnavailable', begun: false },
  ])
  expect(lane.held).toBeGreaterThan(10)
  late.resolve()
  await append('c')
  expect(sent).toEqual([
    [1, 'a'],
    [1, 'c'],
  ])
  expect(lane.held).toBe(0)
})

test('a refused batch fails at once and was not written; the next append tries again', async () => {
  const { lane, sent, append } = given(async (_values, producer) => {
    if (producer < 3) throw forbidden()
  })
  for (const value of ['a', 'b']) {
    const [error] = await outcomes([append(value)])
    expect(error).toMatchObject({ name: 'LogUnavailable', begun: false, message: 'no right' })
    expect(error?.cause).toBeInstanceOf(Refused)
  }
  await append('c')
  expect(sent).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ])
  expect(lane.held).toBe(0)
})

test.each([
  ['the producer tried before', async () => Promise.reject(forbidden(true))],
  [
    'a producer before it gave up',
    async (_values: string[], producer: number) =>
      Promise.reject(producer === 1 ? new Error('gave up') : forbidden()),
  ],
])('a batch that is refused may have been written where %s', async (_why, send) => {
  const [error] = await outcomes([given(send).append('a')])
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: true })
})

test('a producer that is refused when it opens fails its batch, and the next append opens another', async () => {
  let opened = 0
  const lane = new Lane(async () => {
    opened += 1
    if (opened === 1) throw forbidden()
    return { send: async () => {}, close: async () => {} }
  }, 1000)
  const [error] = await outcomes([lane.append(record('a'))])
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: false })
  await lane.append(record('b'))
  expect(opened).toBe(2)
})

test('of a batch that is too large only the large record fails, and the others keep their order', async () => {
  const stored: string[] = []
  const { append } = given(async (values) => {
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

test('close waits for what was appended', async () => {
  const { lane, closed, append } = given(async () => {})
  const appends = ['a', 'b', 'c'].map(append)
  await lane.close()
  expect(await outcomes(appends)).toEqual([undefined, undefined, undefined])
  expect(closed).toEqual([1])
})

test('close gives up at the deadline, and what had not begun is not sent', async () => {
  const { lane, sent, append } = given(async () => Promise.reject(new Error('away')), {
    deadline: 250,
  })
  const settled = outcomes(['a', 'b'].map(append))
  await lane.close()
  expect(await settled).toMatchObject([
    { name: 'LogUnavailable', begun: true },
    { name: 'LogUnavailable', begun: false },
  ])
  expect(sent.every(([, values]) => values === 'a')).toBe(true)
})

test('close does not wait for a producer that no broker answers', async () => {
  const producer = { send: hang, close: hang }
  const lane = new Lane(async () => producer, 10)
  const [error] = await outcomes([lane.append(record('a'))])
  await lane.close()
  expect(error).toMatchObject({ name: 'LogUnavailable', begun: true })
})
