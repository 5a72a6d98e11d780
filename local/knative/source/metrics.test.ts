import { expect, test } from '@jest/globals'
import { Registry } from 'prom-client'
import { addConsumerUp, addLag, addLettersWaiting, addOldest } from './metrics.ts'

const given = (lags: Record<string, () => Promise<number>>) => {
  const registry = new Registry()
  const sources = new Map(Object.entries(lags).map(([task, lag]) => [task, { lag }]))
  addLag(registry, sources, 20)
  return async () => (await registry.metrics()).split('\n').filter((line) => /^[^#]/.test(line))
}

test('the lag of each task is read when it is asked for', async () => {
  let behind = 5
  const read = given({ sheets: async () => behind, slang: async () => 0 })
  expect(await read()).toEqual([
    'formstream_lag{task="sheets"} 5',
    'formstream_lag{task="slang"} 0',
  ])
  behind = 3
  expect(await read()).toContain('formstream_lag{task="sheets"} 3')
})

test('a lag that fails or does not come is left out; the others are told', async () => {
  let away = false
  const read = given({
    failing: () => (away ? Promise.reject(new Error('away')) : Promise.resolve(1)),
    hanging: () => (away ? new Promise(() => {}) : Promise.resolve(1)),
    slang: async () => 2,
  })
  expect(await read()).toHaveLength(3)
  away = true
  expect(await read()).toEqual(['formstream_lag{task="slang"} 2'])
})

test('a task that gets no events is down', async () => {
  const registry = new Registry()
  const problem = (reason?: string) => ({ problem: () => reason })
  addConsumerUp(
    registry,
    new Map(Object.entries({ sheets: problem('no right'), slang: problem() })),
  )
  const lines = (await registry.metrics()).split('\n').filter((line) => /^[^#]/.test(line))
  expect(lines).toEqual([
    'formstream_consumer_up{task="sheets"} 0',
    'formstream_consumer_up{task="slang"} 1',
  ])
})

const told = async (registry: Registry) =>
  (await registry.metrics()).split('\n').filter((line) => /^[^#]/.test(line))

test('dead letters that wait are counted by task', async () => {
  const registry = new Registry()
  const waiting = (count: number) => ({ lettersWaiting: () => count })
  addLettersWaiting(registry, new Map(Object.entries({ sheets: waiting(130), slang: waiting(0) })))
  expect(await told(registry)).toEqual([
    'formstream_dead_letters_waiting{task="sheets"} 130',
    'formstream_dead_letters_waiting{task="slang"} 0',
  ])
})

test('the age of the oldest event that is not settled is told, and nothing where there is none', async () => {
  const registry = new Registry()
  const oldest = (time?: number) => ({ oldest: async () => time })
  addOldest(registry, new Map(Object.entries({ sheets: oldest(1000), slang: oldest() })), {
    now: () => 61_000,
  })
  expect(await told(registry)).toEqual(['formstream_oldest_unsettled_seconds{task="sheets"} 60'])
})
