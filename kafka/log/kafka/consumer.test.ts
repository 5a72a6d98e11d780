import { expect, test } from '@jest/globals'
import type { Admin, Kafka } from 'kafkajs'
import { KafkaConsumer } from './consumer.ts'

test('a consumer that is closed before it has joined does not join, and reports no problem', async () => {
  const tried = Promise.withResolvers<void>()
  const problems: unknown[] = []
  const consumer = new KafkaConsumer({ consumer: () => ({}) } as unknown as Kafka, {} as Admin, {
    topic: 't',
    group: 'g',
    groupId: 'g',
    from: 'earliest',
    inFlight: 1,
    handle: async () => {},
    onProblem: (problem) => void problems.push(problem),
    prepare() {
      tried.resolve()
      return Promise.reject(Object.assign(new Error('starting'), { retriable: true }))
    },
  })
  const started = consumer.start()
  await tried.promise
  await consumer.close()
  await started
  expect(problems).toEqual([])
}, 2000)
