import { expect, test } from '@jest/globals'
import { tasksHere } from './tasks-here.ts'

const brokers = { KAFKA_BROKERS: '127.0.0.1:9092' }
const redis = { REDIS_URL: 'redis://127.0.0.1:6379' }

test.each([
  ['without Kafka', {}, true],
  ['without Kafka, with Redis', redis, true],
  ['as the only instance on Kafka', brokers, true],
  ['where several instances may share Kafka', { ...brokers, ...redis }, false],
])('receipts run %s: %s %s', async (_, environment, expected) => {
  const names = (await tasksHere(environment)).map(({ name }) => name)
  expect(names.includes('receipts')).toBe(expected)
  expect(names).toEqual(expect.arrayContaining(['sheets', 'slang', 'validation']))
})
