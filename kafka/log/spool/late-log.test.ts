import { expect, test } from '@jest/globals'
import { until } from '../../../test/until.ts'
import { type Consumer, type Log, LogUnavailable, type Subscription } from '../port.ts'
import { LateLog } from './late-log.ts'

const event = { key: 'a', headers: {}, body: '' }
const away = new Error('nobody answers')
const isAway = (error: Error) => error === away

const consumer = { lag: async () => 3, close: async () => {} } as Consumer

function openLog(): Log & { appended: number; subscriptions: Subscription[] } {
  const log = {
    appended: 0,
    subscriptions: [] as Subscription[],
    async append() {
      log.appended += 1
    },
    async consume(subscription: Subscription) {
      log.subscriptions.push(subscription)
      return consumer
    },
    ready: () => true,
    close: async () => {},
  }
  return log
}

/** Fails `times` times. */
function opens(log: Log, times: number): () => Promise<Log> {
  let tries = 0
  return async () => {
    if (tries++ < times) throw away
    return log
  }
}

const subscription = (problems: (string | undefined)[]): Subscription => ({
  topic: 't',
  from: 'earliest',
  inFlight: 1,
  handle: async () => {},
  onProblem: (problem) => problems.push(problem),
})

test('a log that is there is opened before it resolves', async () => {
  const log = openLog()
  const late = await LateLog.open({ open: opens(log, 0), isAway })
  expect(late.ready()).toBe(true)
  await late.append('t', event)
  expect(log.appended).toBe(1)
  await late.close()
})

test('while the log is away appends fail at once and have not begun; it is opened when it is there', async () => {
  const log = openLog()
  const late = await LateLog.open({ open: opens(log, 1), isAway })
  expect(late.ready()).toBe(false)
  const failure = await late.append('t', event).catch((error) => error)
  expect(failure).toBeInstanceOf(LogUnavailable)
  expect(failure).toMatchObject({ message: 'nobody answers', begun: false })
  await until(() => late.ready())
  await late.append('t', event)
  expect(log.appended).toBe(1)
  await late.close()
})

test('an error that waiting does not heal fails the start', async () => {
  const open = () => Promise.reject(new Error('the password is wrong'))
  await expect(LateLog.open({ open, isAway })).rejects.toThrow('the password is wrong')
})

test('a consumer of a log that is away knows why, answers at once, and starts when the log is there', async () => {
  const log = openLog()
  const late = await LateLog.open({ open: opens(log, 1), isAway })
  const problems: (string | undefined)[] = []
  const consuming = await late.consume(subscription(problems))
  await expect(consuming.lag()).rejects.toThrow('nobody answers')
  await until(() => log.subscriptions.length > 0)
  expect(problems).toEqual(['nobody answers', undefined])
  await Promise.resolve()
  expect(await consuming.lag()).toBe(3)
  await consuming.close()
  await late.close()
})

test('a consumer that was closed before the log was there does not start', async () => {
  const log = openLog()
  const late = await LateLog.open({ open: opens(log, 1), isAway })
  const consuming = await late.consume(subscription([]))
  await consuming.close()
  await until(() => late.ready())
  expect(log.subscriptions).toEqual([])
  await late.close()
})

test('a consumer that has nobody to tell is refused', async () => {
  const late = await LateLog.open({ open: opens(openLog(), 1), isAway })
  const { onProblem, ...silent } = subscription([])
  await expect(late.consume(silent)).rejects.toThrow('nobody answers')
  expect(onProblem).toBeDefined()
  await late.close()
})
