import { expect, test } from '@jest/globals'
import { Rejected, RetryLater } from '../errors.ts'
import { submittedEvent } from '../events.fixture.ts'
import { countDeliveries } from './deliveries.ts'

const event = submittedEvent()

test('each delivery is counted by its outcome, also before the metrics are first read', async () => {
  const { counted, registry } = countDeliveries('slang', { problems: () => [] })
  await counted(async () => 'done')(event)
  await counted(async () => 'done')(event)
  await counted(async () => 'skipped')(event)
  for (const error of [new Rejected('no'), new RetryLater('not now'), new Error('a fault')]) {
    await expect(counted(() => Promise.reject(error))(event)).rejects.toBe(error)
  }
  const text = await (await registry()).metrics()
  const of = (outcome: string) =>
    text.match(new RegExp(`deliveries_total{task="slang",outcome="${outcome}"} (\\d+)`))?.[1]
  const outcomes = ['done', 'skipped', 'rejected', 'retry_later', 'fault']
  expect(outcomes.map(of)).toEqual(['2', '1', '1', '1', '1'])
  expect(text).toContain('formstream_delivery_seconds_count{task="slang"} 5')
  expect(text).toContain('process_cpu_seconds_total')
})

test('outcomes that never occurred are zero', async () => {
  const { registry } = countDeliveries('slang', { problems: () => [] })
  const text = await (await registry()).metrics()
  expect(text).toContain('formstream_deliveries_total{task="slang",outcome="fault"} 0')
})
