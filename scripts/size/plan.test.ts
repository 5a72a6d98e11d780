import { expect, test } from '@jest/globals'
import { eventBytes } from './capacity.ts'
import { linesOf } from './lines.ts'
import { type Plan, planFor } from './plan.ts'
import { toText } from './print.ts'
import { measured, sizeOptions } from './size.fixture.ts'

const text = (plan: Plan): string => toText(linesOf(plan, measured))

test('consumers and replicas, calculated by hand', () => {
  const plan = planFor(sizeOptions())
  // 400/s × 250 ms = 100 in flight: ÷ (100 × 0.7) consumers, ÷ (50 × 0.7) replicas, for sheets ÷ (100 × 0.7).
  expect(plan.tasks).toMatchObject([
    { name: 'validation', underWay: 20, consumers: 1, needed: { count: 1 } },
    { name: 'sheets', underWay: 100, consumers: 2, needed: { count: 2 }, maxPerSecond: 800 },
    { name: 'slang', underWay: 100, consumers: 2, needed: { count: 3 }, maxPerSecond: 800 },
  ])
  expect(plan.endpoint.needed).toEqual({ count: 2, bound: 'minimum' })
  expect(plan.topics.map(({ partitions }) => partitions)).toEqual(
    plan.topics.map(({ declared }) => declared),
  )
  expect(plan.brokers).toBe(3)
})

test('bytes, calculated by hand: four topics of 400/s, two hours a day, three replicas', () => {
  const bytes = eventBytes(400)
  const plan = planFor(sizeOptions())
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

test('receivers of KafkaSinks and CPU of brokers: 1,200 events/s are published, the submissions excepted', () => {
  const { sinks } = planFor(sizeOptions())
  expect(sinks).toMatchObject({ perSecond: 1200, receivers: 1 })
  expect(sinks.brokerCores).toBeCloseTo(1200 * 137e-6)
  expect(sinks.shippedBrokerCores).toBeCloseTo(1200 * 634e-6)
  // 3,000/s ÷ (2,840/s × 0.7)
  expect(planFor(sizeOptions({ submissionsPerSecond: 1000 })).sinks.receivers).toBe(2)
})

test('partitions grow with the consumers that read the topic', () => {
  const { topics } = planFor(sizeOptions({ submissionsPerSecond: 2000, taskMs: 350 }))
  const partitions = Object.fromEntries(topics.map((topic) => [topic.name, topic.partitions]))
  // 700 in flight ÷ (100 × 0.7).
  expect(partitions).toMatchObject({ 'forms.validated': 10, 'forms.submitted': 6 })
})

test('more submissions never need less of anything', () => {
  const amounts = (submissionsPerSecond: number) => {
    const plan = planFor(sizeOptions({ submissionsPerSecond }))
    const functions = [plan.endpoint, ...plan.tasks].map(({ needed }) => needed.count)
    const consumers = plan.tasks.map((task) => task.consumers)
    const topics = plan.topics.flatMap(({ partitions, bytes }) => [partitions, bytes])
    const network = Object.values(plan.network)
    return [
      ...functions,
      ...consumers,
      ...topics,
      ...network,
      ...Object.values(plan.sinks),
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

test('each line names the sources of its figures', () => {
  const plan = planFor(sizeOptions())
  const lines = linesOf(plan, measured)
  expect(lines.filter(({ from }) => from.length === 0)).toEqual([])
  expect(text(plan)).not.toMatch(/NaN|undefined|Infinity/)
})

test('resources that are too small for the load are marked in capitals', () => {
  expect(text(planFor(sizeOptions()))).not.toMatch(/MORE|LESS|TOO FEW/)
  const much = text(planFor(sizeOptions({ submissionsPerSecond: 20_000 })))
  expect(much).toContain('6 declared, MORE ARE NEEDED')
  expect(much).toContain('MORE THAN max 3, which take 2,400/s: TOO FEW')
  expect(much).toContain('LESS THAN 20,000/s: rows wait')
})

test('the error for a function without a scale names it', () => {
  const options = sizeOptions()
  delete options.facts.slang
  expect(() => planFor(options)).toThrow('Expected the scale of slang, found none')
})
