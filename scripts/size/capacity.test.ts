import { expect, test } from '@jest/globals'
import { consumersFor, eventsPerSecond, inFlight, replicasFor, wholes } from './capacity.ts'

const bounds = { perSecond: 7000, inFlight: 100 }
const busy = 0.7
const shares = { utilization: 0.7, busy }
const ordinary = { ms: 250, target: 50, min: 0, replicaPerSecond: 2000 }

test('in flight is the rate times the seconds of one', () => {
  expect(inFlight(400, 250)).toBe(100)
  expect(inFlight(0.5, 100)).toBe(0.05)
})

test.each([
  ['100 in flight to replicas that aim at 35', 400, 250, { count: 3, bound: 'concurrency' }],
  ['35 in flight, which is one exactly', 140, 250, { count: 1, bound: 'minimum' }],
  ['a little more than that', 141, 250, { count: 2, bound: 'concurrency' }],
  ['what is quick but more than a core computes', 7000, 1, { count: 5, bound: 'CPU' }],
  ['next to nothing', 0.01, 1, { count: 1, bound: 'minimum' }],
])('replicas for %s', (_name, perSecond, ms, expected) => {
  expect(replicasFor(perSecond, { ...ordinary, ms }, shares)).toEqual(expected)
})

test('there are never fewer replicas than the minimum', () => {
  const endpoint = { ...ordinary, min: 2 }
  expect(replicasFor(1, endpoint, shares)).toEqual({ count: 2, bound: 'minimum' })
})

test.each([
  ['a quick task, by its rate: 9,800 ÷ 4,900', 9800, 1, 2],
  ['a slow task, by what is in flight: 100 ÷ 70', 400, 250, 2],
  ['a quiet task', 1, 10, 1],
])('consumers for %s', (_name, perSecond, ms, expected) => {
  expect(consumersFor(perSecond, ms, { bounds, busy })).toBe(expected)
})

test.each([
  ['its consumers', { consumers: 1, replicas: 2 }, 500],
  ['its replicas', { consumers: 2, replicas: 1 }, 500],
  ['both', { consumers: 2, replicas: 2 }, 1000],
])('a slow task does what %s have in flight', (_name, scale, expected) => {
  const served = { ms: 200, concurrency: 100, replicaPerSecond: 2000 }
  expect(eventsPerSecond(served, scale, bounds)).toBe(expected)
})

test.each([
  ['CPU', { consumers: 2, replicas: 3 }, 6000],
  ['consumers', { consumers: 1, replicas: 9 }, 7000],
])('a quick task does what its %s let through', (_name, scale, expected) => {
  const served = { ms: 1, concurrency: 100, replicaPerSecond: 2000 }
  expect(eventsPerSecond(served, scale, bounds)).toBe(expected)
})

test('what binary fractions add to a whole does not count as one more', () => {
  expect(wholes(0.7 * 10 * 3)).toBe(21)
  expect(wholes(21.0001)).toBe(22)
})

test('more events or slower ones never need less', () => {
  const count = (perSecond: number, ms: number) =>
    replicasFor(perSecond, { ...ordinary, ms }, shares).count +
    consumersFor(perSecond, ms, { bounds, busy })
  const amounts = [0.1, 1, 10, 99, 100, 101, 1000, 1e4, 1e6]
  for (const same of amounts) {
    const [byRate, byTime] = [
      amounts.map((amount) => count(amount, same)),
      amounts.map((amount) => count(same, amount)),
    ]
    expect(byRate).toEqual(byRate.toSorted((a, b) => a - b))
    expect(byTime).toEqual(byTime.toSorted((a, b) => a - b))
  }
})
