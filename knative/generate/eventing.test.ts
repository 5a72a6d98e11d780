import { expect, test } from '@jest/globals'
import { submissionRecorded, submissionRefused, submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { eventingOf, eventPolicies } from './eventing.ts'

const watcher = defineTask({
  name: 'watcher',
  on: [submissionValidated, submissionRefused, submissionRecorded],
  emits: [],
  handle: async () => [],
})

test('a task with several topics has one KafkaSource, with a consumer for each partition', () => {
  const [source] = eventingOf(watcher)
  expect(source).toMatchObject({
    kind: 'KafkaSource',
    metadata: { annotations: { 'autoscaling.eventing.knative.dev/max-scale': '12' } },
    spec: {
      topics: ['forms.validated', 'forms.recorded'],
      consumerGroup: 'watcher',
      consumers: 12,
    },
  })
})

test('a task that emits nothing has neither sink nor binding nor policy', () => {
  expect(eventingOf(watcher).map(({ kind }) => kind)).toEqual(['KafkaSource'])
  expect(eventPolicies([watcher]).map(({ metadata }) => metadata.name)).toEqual([
    'forms-dead-letter',
  ])
})

test('tasks that run on one machine only are not in a cluster', async () => {
  const names = (await findClusterTasks()).map(({ name }) => name)
  expect(names).toContain('sheets')
  expect(names).not.toContain('receipts')
})
