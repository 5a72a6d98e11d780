import { expect, test } from '@jest/globals'
import { Registry } from 'prom-client'
import { addSourceMetrics, type MeasuredSource } from './metrics.ts'

const never = () => new Promise<number>(() => {})

const makeSource = (source: Partial<MeasuredSource>): MeasuredSource => ({
  lag: async () => 0,
  oldest: async () => undefined,
  problem: () => undefined,
  lettersWaiting: () => 0,
  ...source,
})

/** Returns a function that reads the values of one metric. */
function measure(sources: Record<string, Partial<MeasuredSource>>) {
  const registry = new Registry()
  const complete = Object.entries(sources).map(([task, one]) => [task, makeSource(one)] as const)
  addSourceMetrics(registry, new Map(complete), { timeout: 20, now: () => 61_000 })
  return async (name: string) =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`))
}

test('the lag of each task is read at each scrape', async () => {
  let lag = 5
  const read = measure({ sheets: { lag: async () => lag }, slang: {} })
  expect(await read('formstream_lag')).toEqual([
    'formstream_lag{task="sheets"} 5',
    'formstream_lag{task="slang"} 0',
  ])
  lag = 3
  expect(await read('formstream_lag')).toContain('formstream_lag{task="sheets"} 3')
})

test('a lag that cannot be read, or takes too long, is absent; the others are reported', async () => {
  let available = true
  const read = measure({
    failing: { lag: async () => (available ? 1 : Promise.reject(new Error('away'))) },
    hanging: { lag: async () => (available ? 1 : never()) },
    slang: { lag: async () => 2 },
  })
  expect(await read('formstream_lag')).toHaveLength(3)
  available = false
  expect(await read('formstream_lag')).toEqual(['formstream_lag{task="slang"} 2'])
})

test('a task that receives no events is down', async () => {
  const read = measure({ sheets: { problem: () => 'not authorized' }, slang: {} })
  expect(await read('formstream_consumer_up')).toEqual([
    'formstream_consumer_up{task="sheets"} 0',
    'formstream_consumer_up{task="slang"} 1',
  ])
})

test('waiting dead letters are counted by task', async () => {
  const read = measure({ sheets: { lettersWaiting: () => 130 }, slang: {} })
  expect(await read('formstream_dead_letters_waiting')).toEqual([
    'formstream_dead_letters_waiting{task="sheets"} 130',
    'formstream_dead_letters_waiting{task="slang"} 0',
  ])
})

test('the age of the oldest unhandled event is reported, and absent if there is none', async () => {
  const read = measure({ sheets: { oldest: async () => 1000 }, slang: {} })
  expect(await read('formstream_oldest_unsettled_seconds')).toEqual([
    'formstream_oldest_unsettled_seconds{task="sheets"} 60',
  ])
})
