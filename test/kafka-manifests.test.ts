// The manifests under kafka/ fit the resource definitions of the operators, and say what the code says.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { KafkaEnvironment } from '#kafka/log/kafka/environment.ts'
import { checked, problemsOf, type Resource, resourcesOf, title } from './manifest-schemas.ts'

const files = ['strimzi/development', 'strimzi/topics', 'strimzi/production', 'topics']
const read = (file: string): Resource[] => resourcesOf(join('kafka', `${file}.yaml`))

checked.each(files)(title('kafka/%s.yaml fits the definitions'), (file) => {
  const resources = read(file)
  expect(resources.length).toBeGreaterThan(1)
  for (const resource of resources) {
    expect([resource.metadata.name, problemsOf(resource)]).toEqual([resource.metadata.name, []])
  }
})

checked.each([
  ['a field that is none', 'KafkaTopic', { spec: { partition: 6 } }, 'additional properties'],
  ['a number as text', 'KafkaTopic', { spec: { partitions: '6' } }, 'must be integer'],
  ['a missing field', 'KafkaNodePool', { spec: { replicas: 3, roles: [] } }, "'storage'"],
  ['a wrong word', 'KafkaUser', { spec: { authentication: { type: 'plain' } } }, 'allowed values'],
  ['an unknown part', 'Kafka', { spec: { kafka: { listeners: [{}], zone: 1 } } }, '"zone"'],
])(title('%s is refused'), (_what, kind, wrong, expected) => {
  const metadata = { name: 'a' }
  const problems = problemsOf({ apiVersion: 'kafka.strimzi.io/v1', kind, metadata, ...wrong })
  expect(problems.join()).toContain(expected)
})

test.each(files)('all of kafka/%s.yaml belongs to the cluster formstream', (file) => {
  const clusters = read(file).map(({ kind, metadata: { name, labels } }) =>
    kind === 'Kafka' ? name : labels?.['strimzi.io/cluster'],
  )
  expect(new Set(clusters)).toEqual(new Set(['formstream']))
})

test('the containers run the Kafka that the local cluster runs', () => {
  const pom = readFileSync('local/kafka/pom.xml', 'utf8')
  const version = /<kafka.version>(.*?)</.exec(pom)?.[1]
  const { services } = parse(readFileSync('kafka/compose.yaml', 'utf8'), { merge: true })
  const images = Object.values(services as Record<string, { image?: string }>)
    .map(({ image }) => image)
    .filter((image) => image?.startsWith('apache/kafka'))
  expect(images).toEqual(Array(3).fill(`apache/kafka:${version}`))
})

test('docs/kafka.md names the variables that the code reads', () => {
  const named = readFileSync('docs/kafka.md', 'utf8').match(/KAFKA_[A-Z_]+/g)
  expect(new Set(named)).toEqual(new Set(Object.keys(KafkaEnvironment.shape)))
})
