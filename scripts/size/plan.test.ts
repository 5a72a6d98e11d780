import { expect, test } from '@jest/globals'
import { boundLines } from './bound-lines.ts'
import { eventBytes } from './flow.ts'
import { kafkaLines } from './kafka-lines.ts'
import { scaleLines } from './lines.ts'
import { type Plan, planFor } from './plan.ts'
import { toText } from './print.ts'
import { givenSize, measured } from './size.fixture.ts'

const text = (plan: Plan): string =>
  toText([...scaleLines(plan), ...kafkaLines(plan), ...boundLines(plan, measured)])

test('a load by hand', () => {
  const plan = planFor(givenSize())
  // 400/s × 250 ms = 100 in flight: ÷ (100 × 0.7) consumers, ÷ (50 × 0.7) replicas, for sheets ÷ (100 × 0.7).
  expect(plan.tasks).toMatchObject([
    { name: 'validation', underWay: 20, consumers: 1, needed: { count: 1 } },
    { name: 'sheets', underWay: 100, consumers: 2, needed: { count: 2 }, most: 800 },
    { name: 'slang', underWay: 100, consumers: 2, needed: { count: 3 }, most: 800 },
  ])
  expect(plan.endpoint.needed).toEqual({ count: 2, bound: 'minimum' })
  expect(plan.topics.map(({ partitions }) => partitions)).toEqual(
    plan.topics.map(({ declared }) => declared),
  )
  expect(plan.brokers).toBe(3)
})

test('bytes by hand: four topics of 400/s, two hours a day, three replicas', () => {
  const bytes = eventBytes(400)
  const plan = planFor(givenSize())
  const daily = 400 * bytes * 2 * 3600 * 3
  expect(plan.network).toEqual({
    endpoint: 160_000,
    written: 1600 * bytes,
    between: 3200 * bytes,
    read: 1200 * bytes,
  })
  expect(plan.monthly).toBe(4 * 30 * daily)
  expect(plan.disk).toBeCloseTo((daily * (30 + 365 + 30 + 365)) / 0.85, -3)
})

test('partitions grow with the consumers that read the topic', () => {
  const { topics } = planFor(givenSize({ submissionsPerSecond: 2000, taskMs: 350 }))
  const partitions = Object.fromEntries(topics.map((topic) => [topic.name, topic.partitions]))
  // 700 in flight ÷ (100 × 0.7).
  expect(partitions).toMatchObject({ 'forms.validated': 10, 'forms.submitted': 6 })
})

test('more submissions never need less of anything', () => {
  const amounts = (submissionsPerSecond: number) => {
    const plan = planFor(givenSize({ submissionsPerSecond }))
    const functions = [plan.endpoint, ...plan.tasks].map(({ needed }) => needed.count)
    const consumers = plan.tasks.map((task) => task.consumers)
    const topics = plan.topics.flatMap(({ partitions, bytes }) => [partitions, bytes])
    const network = Object.values(plan.network)
    return [
      ...functions,
      ...consumers,
      ...topics,
      ...network,
      plan.brokers,
      plan.disk,
      plan.monthly,
    ]
  }
  const rates = [1, 10, 139, 140, 141, 500, 1000, 3000, 10_000, 100_000]
  for (const [n, rate] of rates.slice(1).entries()) {
    const less = amounts(rates[n] as number)
    expect(amounts(rate).filter((amount, part) => amount < (less[part] as number))).toEqual([])
  }
})

test('each line says where its coefficients come from', () => {
  const plan = planFor(givenSize())
  const lines = [...scaleLines(plan), ...kafkaLines(plan), ...boundLines(plan, measured)]
  expect(lines.filter(({ from }) => from.length === 0)).toEqual([])
  expect(text(plan)).not.toMatch(/NaN|undefined|Infinity/)
})

test('what is too little is said in capitals', () => {
  expect(text(planFor(givenSize()))).not.toMatch(/MORE|LESS|TOO FEW/)
  const much = text(planFor(givenSize({ submissionsPerSecond: 20_000 })))
  expect(much).toContain('6 declared, MORE ARE NEEDED')
  expect(much).toContain('MORE THAN max 3, which take 2,400/s: TOO FEW')
  expect(much).toContain('LESS THAN 20,000/s: rows wait')
})

test('a function without a scale is named', () => {
  const given = givenSize()
  delete given.facts.slang
  expect(() => planFor(given)).toThrow('Expected the scale of slang, found none')
})
