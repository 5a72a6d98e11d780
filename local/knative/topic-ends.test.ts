import { expect, test } from '@jest/globals'
import type { Bounds } from '#kafka/log/port.ts'
import { trackEnds } from './topic-ends.ts'

const consumer = (...bounds: Bounds[]) => ({ bounds: async () => bounds })
const isResolved = (reached: Promise<void>): Promise<boolean> =>
  Promise.race([
    reached.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(resolve, false)),
  ])

test('the ends are reached when every partition was passed, even if the last offset is no record', async () => {
  const ends = trackEnds()
  const total = await ends.begin(
    consumer({ partition: 0, first: 2, next: 5 }, { partition: 1, first: 0, next: 1 }),
  )
  expect(total).toBe(4)
  ends.passed(0, 4)
  ends.passed(1, 7)
  expect(await isResolved(ends.reached)).toBe(false)
  // The last offset is a marker of a transaction.
  ends.passed(0, 5)
  expect(await isResolved(ends.reached)).toBe(true)
})

test('records passed before begin count', async () => {
  const ends = trackEnds()
  ends.passed(0, 5)
  await ends.begin(consumer({ partition: 0, first: 0, next: 5 }))
  expect(await isResolved(ends.reached)).toBe(true)
})

test('the end of an empty topic, never filled or emptied, is reached at once', async () => {
  for (const bounds of [[], [{ partition: 0, first: 9, next: 9 }]]) {
    const ends = trackEnds()
    expect(await ends.begin(consumer(...bounds))).toBe(0)
    expect(await isResolved(ends.reached)).toBe(true)
  }
})

test('records that are deleted during the reading are not waited for', async () => {
  const ends = trackEnds(5)
  const bounds = [{ partition: 0, first: 0, next: 5 }]
  await ends.begin({ bounds: async () => bounds })
  ends.passed(0, 2)
  bounds.splice(0, 1, { partition: 0, first: 5, next: 8 })
  await ends.reached
})

test('a log that does not answer is asked again', async () => {
  const ends = trackEnds(5)
  let asked = 0
  const bounds = async () => {
    asked += 1
    if (asked === 2) throw new Error('away')
    return [{ partition: 0, first: asked < 3 ? 0 : 1, next: 1 }]
  }
  await ends.begin({ bounds })
  await ends.reached
  expect(asked).toBe(3)
})

test('only records appended before begin are included', async () => {
  const ends = trackEnds()
  await ends.begin(consumer({ partition: 0, first: 0, next: 5 }))
  expect(ends.includes({ partition: 0, offset: 4 })).toBe(true)
  expect(ends.includes({ partition: 0, offset: 5 })).toBe(false)
  expect(ends.includes({ partition: 1, offset: 0 })).toBe(false)
  ends.close()
})
