import { expect, test } from '@jest/globals'
import { Coalescer } from './coalesce.ts'

interface Item {
  id: string
}

/** A coalescer whose flushes stay pending until the test resolves them. */
function makeCoalescer(size: number, wait = 1) {
  const calls: { ids: string[]; done: PromiseWithResolvers<void> }[] = []
  let called = () => {}
  const batch = new Coalescer<Item, string>({
    wait,
    size,
    async flush(items) {
      const call = { ids: items.map(({ id }) => id), done: Promise.withResolvers<void>() }
      calls.push(call)
      called()
      await call.done.promise
      return new Map(call.ids.map((id) => [id, `row of ${id}`]))
    },
  })
  /** Resolves with the ids of the n-th call once it has begun. */
  const call = (n: number) =>
    new Promise<string[]>((resolve) => {
      called = () => void (calls[n] && resolve(calls[n].ids))
      called()
    })
  const add = (...ids: string[]) => ids.map((id) => batch.add({ id }))
  return { add, call, calls }
}

const longWait = 60_000

test('items added together are one flush, in their order, and each has its own result', async () => {
  const { add, call, calls } = makeCoalescer(10)
  const results = add('a', 'b', 'c')
  expect(await call(0)).toEqual(['a', 'b', 'c'])
  calls[0]?.done.resolve()
  expect(await Promise.all(results)).toEqual(['row of a', 'row of b', 'row of c'])
})

test('a batch that is not full is flushed after the wait', async () => {
  const { add, call, calls } = makeCoalescer(10, 30)
  const began = performance.now()
  const [result] = add('a')
  await call(0)
  expect(performance.now() - began).toBeGreaterThanOrEqual(28)
  calls[0]?.done.resolve()
  expect(await result).toBe('row of a')
})

test('a full batch is flushed at once, whether filled together or one by one', async () => {
  const { add, call, calls } = makeCoalescer(2, longWait)
  const first = add('a')
  await new Promise((resolve) => setImmediate(resolve))
  const second = add('b')
  expect(await call(0)).toEqual(['a', 'b'])
  calls[0]?.done.resolve()
  expect(await Promise.all([...first, ...second])).toHaveLength(2)
  const third = add('c', 'd')
  expect(await call(1)).toEqual(['c', 'd'])
  calls[1]?.done.resolve()
  await Promise.all(third)
  const single = makeCoalescer(1, longWait)
  single.add('a')
  expect(await single.call(0)).toEqual(['a'])
})

test('items added during a flush wait for the next one, and no flush exceeds the size', async () => {
  const { add, call, calls } = makeCoalescer(2)
  const results = add('a', 'b', 'c', 'd', 'e')
  await call(0)
  await new Promise((resolve) => setImmediate(resolve))
  expect(calls).toHaveLength(1)
  for (const n of [0, 1, 2]) {
    await call(n)
    calls[n]?.done.resolve()
  }
  await Promise.all(results)
  expect(calls.map(({ ids }) => ids)).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})

test('an id that already waits is not added again, and both callers have its result', async () => {
  const { add, call, calls } = makeCoalescer(10)
  const results = add('a', 'b', 'a')
  expect(await call(0)).toEqual(['a', 'b'])
  calls[0]?.done.resolve()
  expect(await Promise.all(results)).toEqual(['row of a', 'row of b', 'row of a'])
})

test('an id added during its own flush goes into the next one', async () => {
  const { add, call, calls } = makeCoalescer(10)
  const first = add('a')
  await call(0)
  const again = add('a')
  calls[0]?.done.resolve()
  await Promise.all(first)
  expect(await call(1)).toEqual(['a'])
  calls[1]?.done.resolve()
  await Promise.all(again)
})

test('a failed flush rejects only its own items', async () => {
  const { add, call, calls } = makeCoalescer(2)
  const results = add('a', 'b', 'c')
  const settled = Promise.allSettled(results)
  await call(0)
  calls[0]?.done.reject(new Error('away'))
  await call(1)
  calls[1]?.done.resolve()
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  await expect(results[0]).rejects.toThrow('away')
  const next = add('a')
  expect(await call(2)).toEqual(['a'])
  calls[2]?.done.resolve()
  expect(await next[0]).toBe('row of a')
})

test('a flush that throws synchronously rejects its items', async () => {
  const flush = () => {
    throw new Error('broken')
  }
  await expect(
    new Coalescer<Item, string>({ wait: 0, size: 1, flush }).add({ id: 'a' }),
  ).rejects.toThrow('broken')
})
