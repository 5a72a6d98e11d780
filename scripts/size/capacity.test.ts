import { expect, test } from '@jest/globals'
import { analyzed, recorded, submitted, validated } from '#kafka/events.ts'
import {
  consumersFor,
  eventBytes,
  eventsPerSecond,
  inFlight,
  rateOf,
  rateOfTask,
  replicasFor,
  roundUp,
} from './capacity.ts'

const limits = { perSecond: 7000, inFlight: 100 }
const busy = 0.7
const shares = { utilization: 0.7, busy }
const ordinary = { ms: 250, target: 50, min: 0, replicaPerSecond: 2000 }

test('events in flight are the rate times the seconds of one event', () => {
  expect(inFlight(400, 250)).toBe(100)
  expect(inFlight(0.5, 100)).toBe(0.05)
})

test.each([
  ['100 in flight, 35 for each replica', 400, 250, { count: 3, bound: 'concurrency' }],
  ['35 in flight, exactly one replica', 140, 250, { count: 1, bound: 'minimum' }],
  ['a little more than 35 in flight', 141, 250, { count: 2, bound: 'concurrency' }],
  ['quick events that need more than one core', 7000, 1, { count: 5, bound: 'CPU' }],
  ['hardly any events', 0.01, 1, { count: 1, bound: 'minimum' }],
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
  expect(consumersFor(perSecond, ms, { limits, busy })).toBe(expected)
})

test.each([
  ['its consumers', { consumers: 1, replicas: 2 }, 500],
  ['its replicas', { consumers: 2, replicas: 1 }, 500],
  ['both', { consumers: 2, replicas: 2 }, 1000],
])('a slow task does what %s have in flight', (_name, scale, expected) => {
  const served = { ms: 200, concurrency: 100, replicaPerSecond: 2000 }
  expect(eventsPerSecond(served, scale, limits)).toBe(expected)
})

test.each([
  ['CPU', { consumers: 2, replicas: 3 }, 6000],
  ['consumers', { consumers: 1, replicas: 9 }, 7000],
])('a quick task does what its %s let through', (_name, scale, expected) => {
  const served = { ms: 1, concurrency: 100, replicaPerSecond: 2000 }
  expect(eventsPerSecond(served, scale, limits)).toBe(expected)
})

test('a whole number with a binary rounding error is not rounded up', () => {
  expect(roundUp(0.7 * 10 * 3)).toBe(21)
  expect(roundUp(21.0001)).toBe(22)
})

test('more events or slower ones never need less', () => {
  const count = (perSecond: number, ms: number) =>
    replicasFor(perSecond, { ...ordinary, ms }, shares).count +
    consumersFor(perSecond, ms, { limits, busy })
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

const readers = [
  { name: 'validation', on: [{ topic: submitted }], emits: [{ topic: validated }] },
  { name: 'sheets', on: [{ topic: validated }], emits: [{ topic: recorded }] },
  { name: 'again', on: [{ topic: recorded }], emits: [{ topic: analyzed }] },
  { name: 'slang', on: [{ topic: validated }], emits: [{ topic: analyzed }] },
]

test('the rate of a topic is the sum of the tasks that write to it', () => {
  expect(rateOf('forms.submitted', readers, 100)).toBe(100)
  expect(rateOf('forms.recorded', readers, 100)).toBe(100)
  // Two tasks write to it.
  expect(rateOf('forms.analyzed', readers, 100)).toBe(200)
  expect(rateOf('forms.dead-letter', readers, 100)).toBe(0)
})

test('a task that reads several topics gets the events of all, and a topic twice is read once', () => {
  const task = {
    name: 'watcher',
    on: [validated, validated, analyzed].map((topic) => ({ topic })),
    emits: [],
  }
  expect(rateOfTask(task, readers, 100)).toBe(300)
})

test('the calculated size of an event is that on a broker, or a little more', () => {
  // docs/scaling.md: 5,000 of student-data with 165 bytes of answers took 741 bytes each on its disk, some in a common batch.
  expect(eventBytes(165)).toBeGreaterThan(741)
  expect(eventBytes(165)).toBeLessThan(741 * 1.06)
  expect(eventBytes(1165) - eventBytes(165)).toBe(1000)
})
