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

function given() {
  const { log, lines } = makeLog()
  const outage = new Outage(log, { failing: 'away', working: 'back' })
  return {
    outage,
    told: () => lines().map(({ msg, reason, failures }) => [msg, reason ?? failures]),
  }
}

test('15,000 failures are one line, and their end is one with the count', () => {
  const { outage, told } = given()
  for (let n = 0; n < 15_000; n++) outage.failed('error', away, {})
  jest.advanceTimersByTime(10_000)
  outage.worked()
  outage.worked()
  expect(told()).toEqual([
    ['away', 'no answer'],
    ['back', 15_000],
  ])
})

test('what succeeds in the middle of an outage does not end it', () => {
  const { outage, told } = given()
  for (let n = 0; n < 1000; n++) {
    outage.failed('error', away, {})
    jest.advanceTimersByTime(9)
    outage.worked()
  }
  expect(told()).toEqual([['away', 'no answer']])
})

test('each reason is told once, up to 20 of them', () => {
  const { outage, told } = given()
  for (let n = 0; n < 100; n++) outage.failed('warn', new RetryLater(`reason ${n % 50}`), {})
  expect(told()).toEqual(Array.from({ length: 20 }, (_, n) => ['away', `reason ${n}`]))
})

test('the next outage is told again, with the facts of its first failure', () => {
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

test('without a reason, the place where it was thrown tells one failure from another', () => {
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

test('nothing is said while all is well', () => {
  const { outage, told } = given()
  outage.worked()
  expect(told()).toEqual([])
})
