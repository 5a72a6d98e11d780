import { afterEach, expect, test } from '@jest/globals'
import type { Admin } from 'kafkajs'
import { makeSubmission } from '../../../test/log/submission.fixture.ts'
import { maxWaiting } from '../port.ts'
import { fakeProducers, never, type Send } from './producer.fixture.ts'
import { TopicWriters } from './topic-writers.ts'

const retention = { days: 1, bytes: 1 }
const topics = [
  { name: 'by key', partitions: 6, retention },
  { name: 'unordered', partitions: 6, retention, order: 'none' as const },
]

const opened: TopicWriters[] = []
afterEach(() => Promise.all(opened.splice(0).map((writers) => writers.close())))

function startWriters(send: Send, deadline = 5000) {
  const { open, sent } = fakeProducers(send)
  const writers = new TopicWriters({
    admin: {} as Admin,
    topics,
    partitions: new Map(topics.map(({ name, partitions }) => [name, partitions])),
    deadline,
    openProducer: (_topic, partition) => open(partition),
  })
  opened.push(writers)
  return { writers, partitions: () => sent.map(([partition]) => partition) }
}

test('events of one key go to one partition, side by side with other keys', async () => {
  const { writers, partitions } = startWriters(async () => {})
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  for (const key of [...keys, ...keys]) await writers.append('by key', makeSubmission('1', key))
  expect(partitions().slice(8)).toEqual(partitions().slice(0, 8))
  expect(new Set(partitions()).size).toBeGreaterThan(2)
})

test('batches of a topic without order go to all partitions in turn, whatever the key', async () => {
  const { writers, partitions } = startWriters(async () => {})
  for (let n = 0; n < 6; n++) await writers.append('unordered', makeSubmission('1', 'one key'))
  expect(partitions().toSorted()).toEqual([0, 1, 2, 3, 4, 5])
})

test('an append to a topic that is not declared is refused', async () => {
  const { writers } = startWriters(async () => {})
  await expect(writers.append('other', makeSubmission('1'))).rejects.toMatchObject({
    begun: false,
    message: 'Expected a declared topic, found "other"',
  })
})

test('appends above the limit are refused at once', async () => {
  const { writers } = startWriters(never, 50)
  const append = () => writers.append('by key', makeSubmission('1'))
  const waiting = Promise.allSettled(Array.from({ length: maxWaiting }, append))
  await expect(append()).rejects.toMatchObject({ begun: false })
  await waiting
})
