// Schedules that run every second, on fake timers.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { makeLog } from '#kit/events.fixture.ts'
import { readEvent } from '#kit/http/read-event.ts'
import type { PostEvent } from './running-function.ts'
import { startSchedule } from './schedule.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000)

/** `respond` gets the number of the tick, from 1. */
function start(respond: (tick: number) => ReturnType<PostEvent>) {
  const ticks: ReturnType<typeof readEvent>[] = []
  const post: PostEvent = (headers, body) => {
    ticks.push(readEvent(headers, body))
    return respond(ticks.length)
  }
  const { log: logger, lines } = makeLog()
  const schedule = startSchedule({ task: 'sheets', schedule: '* * * * * *', post, logger })
  return { schedule, ticks, lines }
}

const done = async () => ({ status: 204, body: '' })

test('a task gets a tick at each time of its schedule, each with its own event id', async () => {
  const { ticks, schedule } = start(done)
  await seconds(2)
  expect(ticks.map(({ type }) => type)).toEqual(Array(2).fill('dev.knative.sources.ping'))
  expect(new Set(ticks.map(({ id }) => id)).size).toBe(2)
  schedule.stop()
})

test.each([
  ['status 503', async () => ({ status: 503, body: '' }), { status: 503 }],
  ['no response', () => Promise.reject(new Error('hung up')), { reason: 'hung up' }],
])('a tick with %s is logged and not repeated; the schedule continues', async (_, fail, why) => {
  const { ticks, lines, schedule } = start((tick) => (tick === 1 ? fail() : done()))
  await seconds(1)
  expect(lines()).toMatchObject([{ task: 'sheets', msg: 'scheduled run failed', ...why }])
  expect(ticks).toHaveLength(1)
  await seconds(1)
  expect(ticks).toHaveLength(2)
  schedule.stop()
})

test('no tick starts while another is running', async () => {
  const hanging = Promise.withResolvers<void>()
  const { ticks, schedule } = start(async () => {
    await hanging.promise
    return done()
  })
  await seconds(5)
  expect(ticks).toHaveLength(1)
  hanging.resolve()
  await seconds(1)
  expect(ticks).toHaveLength(2)
  schedule.stop()
})

test('no tick starts after stop', async () => {
  const { schedule, ticks } = start(done)
  await seconds(1)
  schedule.stop()
  await seconds(5)
  expect(ticks).toHaveLength(1)
})
