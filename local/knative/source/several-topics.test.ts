// A source that reads several topics for one task.
import { expect, test } from '@jest/globals'
import type { Log, SkippedRecord, Subscription } from '#kafka/log/port.ts'
import { silent } from '#kit/events.fixture.ts'
import { fastRules, record } from './source.fixture.ts'
import { startSource } from './source.ts'

interface State {
  lag: number
  oldest: number | undefined
}

async function start(states: Record<string, State>) {
  const subscriptions: Record<string, Subscription> = {}
  const skipped: [topic: string, SkippedRecord][] = []
  const posted: string[] = []
  const log: Log = {
    append: async () => {},
    async consume(subscription) {
      const { topic } = subscription
      subscriptions[topic] = subscription
      const { lag, oldest } = states[topic] as State
      return {
        lag: async () => lag,
        oldest: async () => oldest,
        bounds: async () => [],
        skip: async (one) => void skipped.push([topic, one]),
        close: async () => {},
      }
    },
    ready: () => true,
    close: async () => {},
  }
  const source = await startSource({
    task: 'watcher',
    topics: Object.keys(states),
    log,
    async post(headers) {
      posted.push(headers['ce-id'] as string)
      return { status: 204, body: '' }
    },
    rules: fastRules,
    logger: silent,
  })
  return { source, subscriptions, skipped, posted }
}

const states = {
  a: { lag: 2, oldest: 70 },
  b: { lag: 3, oldest: 50 },
  c: { lag: 0, oldest: undefined },
}

test('lag and age are those of all topics, or of one', async () => {
  const { source } = await start(states)
  expect(source.topics).toEqual(['a', 'b', 'c'])
  expect(await source.lag()).toBe(5)
  expect(await source.oldest()).toBe(50)
  expect([await source.oldest('a'), await source.oldest('c')]).toEqual([70, undefined])
})

test('the first topic has the group of the task, each further one its own', async () => {
  const { subscriptions } = await start(states)
  const groups = Object.values(subscriptions).map(({ group }) => group)
  expect(groups).toEqual(['watcher', 'watcher.b', 'watcher.c'])
})

test('records of all topics are delivered, and skipped in their own topic', async () => {
  const { source, subscriptions, skipped, posted } = await start(states)
  for (const { topic, handle } of Object.values(subscriptions)) await handle({ ...record, topic })
  expect(posted).toEqual(['s-1', 's-1', 's-1'])
  await source.skip({ topic: 'b', partition: 3, offset: 7 })
  expect(skipped).toMatchObject([['b', { partition: 3, offset: 7 }]])
})

test('a problem with one topic is a problem of the source until it is over', async () => {
  const { source, subscriptions } = await start(states)
  subscriptions.b?.onProblem?.('no leader')
  subscriptions.c?.onProblem?.()
  expect(source.problem()).toBe('no leader')
  subscriptions.b?.onProblem?.()
  expect(source.problem()).toBeUndefined()
})
