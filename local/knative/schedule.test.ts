// A schedule of seconds, on a task that is a literal.
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { pino } from 'pino'
import { readEvent } from '#kit/http/read-event.ts'
import { type Schedule, startSchedule } from './schedule.ts'
import type { Post } from './source.ts'

const started: Schedule[] = []
beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  for (const schedule of started.splice(0)) schedule.stop()
  jest.useRealTimers()
})

function given(answer: (tick: number) => ReturnType<Post>) {
  const ticks: ReturnType<typeof readEvent>[] = []
  const lines = new Writable({
    write(line, _encoding, done) {
      lines.emit('said', JSON.parse(String(line)))
      done()
    },
  })
  const post: Post = (headers, body) => {
    ticks.push(readEvent(headers, body))
    return answer(ticks.length)
  }
  const logger = pino({ base: null }, lines)
  const schedule = startSchedule({ task: 'sheets', schedule: '* * * * * *', post, logger })
  started.push(schedule)
  return {
    schedule,
    ticks,
    /** Lets seconds pass until there were so many ticks. */
    async many(count: number) {
      while (ticks.length < count) await jest.advanceTimersByTimeAsync(1000)
    },
    said: once(lines, 'said').then(([line]) => line),
  }
}

const done = async () => ({ status: 204, body: '' })

test('by its schedule a task gets ticks, each an event of its own', async () => {
  const { ticks, many } = given(done)
  await many(2)
  expect(ticks.map(({ type }) => type)).toEqual(Array(2).fill('dev.knative.sources.ping'))
  expect(new Set(ticks.map(({ id }) => id)).size).toBe(2)
})

test.each([
  ['an answer of 503', async () => ({ status: 503, body: '' }), { status: 503 }],
  ['no answer', () => Promise.reject(new Error('hung up')), { reason: 'hung up' }],
])('a tick with %s is logged and not repeated; the next comes', async (_, answer, why) => {
  const { ticks, many, said } = given((tick) => (tick === 1 ? answer() : done()))
  await many(1)
  expect(await said).toMatchObject({ task: 'sheets', msg: 'tick failed', ...why })
  expect(ticks).toHaveLength(1)
  await many(2)
})

test('while a tick is under way, no other begins', async () => {
  const hanging = Promise.withResolvers<void>()
  const { ticks, many } = given(async () => {
    await hanging.promise
    return done()
  })
  await many(1)
  await jest.advanceTimersByTimeAsync(5000)
  expect(ticks).toHaveLength(1)
  hanging.resolve()
  await many(2)
})

test('after the stop no tick comes', async () => {
  const { schedule, ticks, many } = given(done)
  await many(1)
  schedule.stop()
  await jest.advanceTimersByTimeAsync(5000)
  expect(ticks).toHaveLength(1)
})
