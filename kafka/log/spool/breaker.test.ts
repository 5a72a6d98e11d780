import { expect, test } from '@jest/globals'
import { after, type Breaker, closed, type Observation, openFor } from './breaker.ts'

const now = 5000
const halfOpen: Breaker = { state: 'half-open' }
const resting: Breaker = { state: 'open', until: now + 1 }
const rested: Breaker = { state: 'open', until: now }
const opened: Breaker = { state: 'open', until: now + openFor }

/** Every state with every observation. */
const table: [string, Breaker, Record<Observation, Breaker>][] = [
  ['closed', closed, { worked: closed, failed: opened, ready: closed, unready: opened }],
  ['half-open', halfOpen, { worked: closed, failed: opened, ready: halfOpen, unready: opened }],
  [
    'open, before its time',
    resting,
    { worked: resting, failed: resting, ready: resting, unready: resting },
  ],
  [
    'open, at its time',
    rested,
    { worked: rested, failed: rested, ready: halfOpen, unready: rested },
  ],
]

const cases = table.flatMap(([name, breaker, afterwards]) =>
  Object.entries(afterwards).map(
    ([observed, expected]) =>
      [name, observed as Observation, expected.state, { breaker, expected }] as const,
  ),
)

test.each(cases)('%s, %s: %s', (_name, observed, _state, { breaker, expected }) => {
  expect(after(breaker, observed, now)).toEqual(expected)
})

test('failures do not postpone the next trial; a failed trial does', () => {
  const first = after(closed, 'failed', 0)
  expect(after(first, 'failed', openFor - 1)).toEqual(first)
  const trial = after(first, 'ready', openFor)
  expect(trial).toEqual(halfOpen)
  expect(after(trial, 'failed', openFor)).toEqual({ state: 'open', until: 2 * openFor })
})

test('an outage goes round: closed, open, half-open, closed', () => {
  const observations: [Observation, number][] = [
    ['worked', 0],
    ['failed', 10],
    ['unready', 20],
    ['unready', 5000],
    ['ready', 5001],
    ['worked', 5002],
  ]
  let breaker = closed
  const states = observations.map(([observed, time]) => {
    breaker = after(breaker, observed, time)
    return breaker.state
  })
  expect(states).toEqual(['closed', 'open', 'open', 'open', 'half-open', 'closed'])
})
