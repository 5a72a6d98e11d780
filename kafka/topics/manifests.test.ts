import { expect, test } from '@jest/globals'
import { topicsOf } from '../define-event.ts'
import * as declared from '../events.ts'
import { topicManifests } from './manifests.ts'

test('a topic becomes a resource with three replicas, two of which must have stored each event', () => {
  const topic = { name: 'forms.shouted', partitions: 6, retention: { days: 30, bytes: 1 } }
  expect(topicManifests([topic], 3)).toEqual([
    {
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'KafkaTopic',
      metadata: { name: 'forms.shouted', labels: { 'strimzi.io/cluster': 'formstream' } },
      spec: {
        partitions: 6,
        replicas: 3,
        config: expect.objectContaining({
          'min.insync.replicas': '2',
          'retention.ms': '2592000000',
          'unclean.leader.election.enable': 'false',
          'compression.type': 'producer',
        }),
      },
    },
  ])
})

test('dead letters are never deleted by age', () => {
  const letters = topicManifests([declared.deadLetter], 3)
  expect(letters[0]?.spec.config['retention.ms']).toBe('-1')
})

test('every declared topic has a resource, and a name that Kubernetes allows', () => {
  const names = topicManifests(topicsOf(declared), 3).map(({ metadata }) => metadata.name)
  expect(names).toEqual(topicsOf(declared).map(({ name }) => name))
  const label = '[a-z0-9]([a-z0-9-]*[a-z0-9])?'
  const taken = new RegExp(`^${label}(\\.${label})*$`)
  expect(names.filter((name) => !taken.test(name))).toEqual([])
})
