import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { RetryLater } from './errors.ts'
import { makeLog } from './events.fixture.ts'
import { Outage } from './outage.ts'

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-01-02T03:04:05Z') })
})
afterEach(() => {
  jest.useRealTimers()
})

const away = new RetryLater('no answer')

function makeOutage() {
  const { log, lines } = makeLog()
  const outage = new Outage(log, { failing: 'away', working: 'back' })
  return {
    outage,
    logged: () => lines().map(({ msg, reason, failures }) => [msg, reason ?? failures]),
  }
}

test('15,000 failures are one line, and their end is one line with the count', () => {
  const { outage, logged } = makeOutage()
  for (let n = 0; n < 15_000; n++) outage.failed('error', away, {})
  jest.advanceTimersByTime(10_000)
  outage.worked()
  outage.worked()
  expect(logged()).toEqual([
    ['away', 'no answer'],
    ['back', 15_000],
  ])
})

test('a success in the middle of an outage does not end it', () => {
  const { outage, logged } = makeOutage()
  for (let n = 0; n < 1000; n++) {
    outage.failed('error', away, {})
    jest.advanceTimersByTime(9)
    outage.worked()
  }
  expect(logged()).toEqual([['away', 'no answer']])
})

test('each reason is logged once, up to 20 reasons', () => {
  const { outage, logged } = makeOutage()
  for (let n = 0; n < 100; n++) outage.failed('warn', new RetryLater(`reason ${n % 50}`), {})
  expect(logged()).toEqual(Array.from({ length: 20 }, (_, n) => ['away', `reason ${n}`]))
})

test('the next outage is logged again, with the fields of its first failure', () => {
  const { log, lines } = makeLog()
  const outage = new Outage(log, { failing: 'away', working: 'back' })
  outage.failed('error', away, { event: 'a' })
  jest.advanceTimersByTime(60_000)
  outage.worked()
  outage.failed('error', away, { event: 'b' })
  outage.failed('error', away, { event: 'c' })
  expect(lines()).toMatchObject([
    { level: 50, event: 'a', reason: 'no answer' },
    { level: 30, since: '2026-01-02T03:04:05.000Z', failures: 1 },
    { level: 50, event: 'b', reason: 'no answer' },
  ])
})

test('the reason of an unknown error is the place where it was thrown', () => {
  const { log, lines } = makeLog()
  const outage = new Outage(log, { failing: 'away', working: 'back' })
  for (let n = 0; n < 100; n++) outage.failed('error', new TypeError(`xyzzy ${n}`), {})
  outage.failed('error', new TypeError('xyzzy'), {})
  expect(lines()).toMatchObject([
    { reason: expect.stringMatching(/^TypeError at .*outage\.test\.ts:/), name: 'TypeError' },
    { reason: expect.stringMatching(/^TypeError at .*outage\.test\.ts:/) },
  ])
  expect(JSON.stringify(lines())).not.toContain('xyzzy')
})

test('nothing is logged without a failure', () => {
  const { outage, logged } = makeOutage()
  outage.worked()
  expect(logged()).toEqual([])
})
