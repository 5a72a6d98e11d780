// A schedule of seconds, on a task that is a literal.
import { once } from 'node:events'
import { Writable } from 'node:stream'
import { afterEach, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { readEvent } from '#kit/http/read-event.ts'
import { type Schedule, startSchedule } from './schedule.ts'
import type { Post } from './source/source.ts'

const started: Schedule[] = []
afterEach(() => {
  for (const schedule of started.splice(0)) schedule.stop()
})

function given(answer: (tick: number) => ReturnType<Post>) {
  const ticks: ReturnType<typeof readEvent>[] = []
  const lines = new Writable({
    write(line, _encoding, done) {
      lines.emit('said', JSON.parse(String(line)))
      done()
    },
  })
  const ticked = { wait: () => {}, count: 0 }
  const post: Post = (headers, body) => {
    ticks.push(readEvent(headers, body))
    if (ticks.length >= ticked.count) ticked.wait()
    return answer(ticks.length)
  }
  const logger = pino({ base: null }, lines)
  const schedule = startSchedule({ task: 'sheets', schedule: '* * * * * *', post, logger })
  started.push(schedule)
  return {
    schedule,
    ticks,
    /** Resolves once there were so many ticks. */
    many: (count: number) =>
      new Promise<void>((resolve) => {
        Object.assign(ticked, { count, wait: resolve })
        if (ticks.length >= count) resolve()
      }),
    said: async () => (await once(lines, 'said'))[0],
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
  expect(await said()).toMatchObject({ task: 'sheets', msg: 'tick failed', ...why })
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
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(ticks).toHaveLength(1)
  hanging.resolve()
  await many(2)
})

test('after the stop no tick comes', async () => {
  const { schedule, ticks, many } = given(done)
  await many(1)
  schedule.stop()
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(ticks).toHaveLength(1)
})
