import { expect, test } from '@jest/globals'
import { Rejected, RetryLater } from '#kit/errors.ts'
import { Patience } from './patience.ts'

const problem = 'answered 500'
const minute = 60_000

/** Tells for each of `count` events whether it may wait after an attempt that failed at the time `now`. */
const failAll = (
  patience: Patience,
  count: number,
  { target = 'demo/a', now = 0, from = 0 } = {},
) =>
  Array.from({ length: count }, (_, n) => {
    const error = patience.failed(target, { event: `${target}-${from + n}`, problem }, now)
    return error instanceof RetryLater
  }).filter(Boolean).length

test('at first as many events wait as leave half of the places to others', () => {
  const patience = new Patience(minute)
  expect(failAll(patience, 600)).toBe(500)
  expect([...patience.waiting()]).toEqual([['demo/a', 500]])
})

test('while many events wait for one target a few may wait for each other one, and in all as many as leave a quarter', () => {
  const patience = new Patience(minute)
  failAll(patience, 500)
  const others = Array.from({ length: 20 }, (_, n) => `other/${n}`)
  const waiting = others.map((target) => failAll(patience, 30, { target }))
  expect(waiting).toEqual([...Array(10).fill(25), ...Array(10).fill(0)])
})

test('once the patience is over only the first few go on waiting, and the others say since when it fails', () => {
  const patience = new Patience(minute)
  failAll(patience, 100)
  const later = 2 * minute
  expect(failAll(patience, 100, { now: later })).toBe(25)
  const error = patience.failed('demo/a', { event: 'demo/a-99', problem }, later)
  expect(error).toBeInstanceOf(Rejected)
  expect(error.message).toBe(
    'answered 500; it fails since 1970-01-01T00:00:00.000Z, and too many events wait: replay this one once it works',
  )
  expect(failAll(patience, 25, { now: later })).toBe(25)
})

/** A target that is failing since two minutes ago, and for which as many events wait as may. */
function impatient(): Patience {
  const patience = new Patience(minute)
  failAll(patience, 25, { now: Date.now() - 2 * minute })
  return patience
}

test('of events that may not wait one is tried, and the others follow once it was delivered', async () => {
  const patience = impatient()
  const answered = Promise.withResolvers<void>()
  let attempts = 0
  const send = (event: string) =>
    patience.run('demo/a', event, async () => {
      attempts++
      if (attempts === 1) await answered.promise
      patience.worked('demo/a', event)
      return event
    })
  const sent = ['x', 'y', 'z'].map(send)
  await new Promise(setImmediate)
  expect(attempts).toBe(1)
  answered.resolve()
  expect(await Promise.all(sent)).toEqual(['x', 'y', 'z'])
  expect(patience.notes()).toEqual({})
})

test('of events that may not wait all fail with the one that is tried; too many at a time fail at once', async () => {
  const patience = impatient()
  const answered = Promise.withResolvers<void>()
  let attempts = 0
  const send = (event: string) =>
    patience.run('demo/a', event, async () => {
      attempts++
      await answered.promise
      throw patience.failed('demo/a', { event, problem })
    })
  const first = Array.from({ length: 26 }, (_, n) => send(`x-${n}`))
  const failed = Promise.allSettled(first)
  await new Promise(setImmediate)
  for (let n = 0; n < 5; n++) await expect(send(`y-${n}`)).rejects.toThrow(Rejected)
  answered.resolve()
  for (const { status, ...rest } of await failed) {
    expect([status, (rest as PromiseRejectedResult).reason]).toEqual([
      'rejected',
      expect.any(Rejected),
    ])
  }
  expect(attempts).toBe(1)
})

test('while a target fails only a few attempts run at a time; the other events wait without one', async () => {
  const patience = new Patience(minute)
  failAll(patience, 20, { now: Date.now() })
  const answered = Promise.withResolvers<void>()
  const send = (n: number) => patience.run('demo/a', `demo/a-${n}`, () => answered.promise)
  const running = Array.from({ length: 8 }, (_, n) => send(n))
  await expect(send(9)).rejects.toThrow(RetryLater)
  answered.resolve()
  await Promise.all(running)
  await send(9)
})

test('a target that works is not limited, and gives its places back', async () => {
  const patience = new Patience(minute)
  failAll(patience, 500, { now: Date.now() })
  patience.worked('demo/a', 'demo/a-0')
  const send = (n: number) => patience.run('demo/a', `demo/a-${n}`, async () => n)
  expect(await Promise.all(Array.from({ length: 100 }, (_, n) => send(n)))).toHaveLength(100)
  expect(patience.notes()).toEqual({})
  patience.forget('demo/a-1')
  expect(patience.waiting().get('demo/a')).toBe(498)
})

test('an event that waits for two targets occupies one place', () => {
  const patience = new Patience(minute)
  failAll(patience, 500)
  const error = patience.failed('demo/b', { event: 'demo/a-0', problem }, 0)
  expect(error).toBeInstanceOf(RetryLater)
})

test('events that stay away, as they were given up, do not occupy places', () => {
  const patience = new Patience(10 * minute)
  failAll(patience, 500)
  expect(failAll(patience, 10, { now: 6 * minute, from: 500 })).toBe(10)
})
