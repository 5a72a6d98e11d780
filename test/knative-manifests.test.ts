// The manifests under knative/ fit the schemas of those who take them, and say what a KafkaSource needs to lose nothing.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, test } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { checked, problemsOf, type Resource, resourcesOf, title } from './manifest-schemas.ts'

const base = 'knative/base'
const files = readdirSync(base).filter((file) => file !== 'kustomization.yaml')
const all = files.flatMap((file) => resourcesOf(join(base, file)))
const tasks = await findTasks()

/** Not among the definitions; a cluster has taken them (npm run test:cluster). What an EventPolicy says: knative-policies.test.ts. */
const unchecked = ['ClusterDomainClaim', 'EventPolicy']

const problemsIn = (resources: Resource[]): [string, string[]][] =>
  resources
    .filter(({ kind }) => !unchecked.includes(kind))
    .map((resource): [string, string[]] => [resource.metadata.name, problemsOf(resource)])
    .filter(([, problems]) => problems.length > 0)

checked.each(files)(title('knative/base/%s fits the schemas'), (file) => {
  const resources = resourcesOf(join(base, file))
  expect(resources.length).toBeGreaterThan(0)
  expect(problemsIn(resources)).toEqual([])
})

const kustomize = spawnSync('kubectl', ['version', '--client']).status === 0
const rendered = kustomize ? checked : test.skip

rendered.each(['knative/overlays/dev', 'knative/overlays/production'])(
  title(`%s fits the schemas${kustomize ? '' : ' (skipped: no kubectl)'}`),
  (folder) => {
    const resources = render(folder)
    expect(resources.length).toBeGreaterThan(all.length)
    expect(problemsIn(resources)).toEqual([])
  },
)

function render(folder: string): Resource[] {
  const { stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return parseAllDocuments(stdout).map((document): Resource => document.toJS())
}

rendered(title('production with knative/spread spreads the endpoint, and fits the schemas'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'formstream-overlay-'))
  const to = (path: string) => relative(folder, path)
  const kustomization = {
    resources: [to('knative/overlays/production')],
    components: [to('knative/spread')],
  }
  writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
  const resources = render(folder)
  rmSync(folder, { recursive: true })
  expect(problemsIn(resources)).toEqual([])
  const spread = resources.filter((one) => JSON.stringify(one).includes('maxSkew'))
  expect(spread.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
    ['Service', 'form-endpoint'],
  ])
})

const one = (kind: string): Resource =>
  structuredClone(all.find((resource) => resource.kind === kind) as Resource)

checked.each<[string, string, (resource: Resource) => void, string]>([
  [
    'a misspelt field',
    'Service',
    ({ spec }) => Object.assign(spec?.template ?? {}, { specs: {} }),
    '"specs"',
  ],
  [
    'a field of another kind',
    'KafkaSource',
    ({ spec }) => Object.assign(spec ?? {}, { topic: 'a' }),
    '"topic"',
  ],
  [
    'a number as text',
    'KafkaSource',
    ({ spec }) => Object.assign(spec ?? {}, { consumers: '6' }),
    'must be integer',
  ],
  ['a missing field', 'KafkaSink', (sink) => Object.assign(sink, { spec: {} }), "'topic'"],
  [
    'a wrong word',
    'KafkaSink',
    ({ spec }) => Object.assign(spec ?? {}, { contentMode: 'json' }),
    'allowed values',
  ],
  ['a field beside the data', 'ConfigMap', (map) => Object.assign(map, { files: {} }), '"files"'],
  [
    'a field of an older kind',
    'PodDisruptionBudget',
    ({ spec }) => Object.assign(spec ?? {}, { replicas: 1 }),
    '"replicas"',
  ],
])(title('%s of a %s is refused'), (_what, kind, spoil, expected) => {
  const resource = one(kind)
  expect(problemsOf(resource)).toEqual([])
  spoil(resource)
  expect(problemsOf(resource).join()).toContain(expected)
})

test.each(tasks)(
  '$name is fed from its topic from the first event on, and nothing is dropped',
  (task) => {
    const source = all.find(
      ({ kind, metadata }) => kind === 'KafkaSource' && metadata.name === task.name,
    )
    expect(source?.spec).toMatchObject({
      topics: [task.on.topic.name],
      consumerGroup: task.name,
      initialOffset: 'earliest',
      ordering: 'unordered',
      delivery: {
        retry: 200,
        backoffPolicy: 'linear',
        backoffDelay: 'PT1S',
        timeout: 'PT60S',
        deadLetterSink: { ref: { kind: 'Service', name: 'dead-letter' } },
      },
      sink: { ref: { kind: 'Service', name: task.name } },
    })
  },
)

test('the dead letters have a replica at any time, and are published to their own topic', () => {
  const [service, binding] = ['Service', 'SinkBinding'].map((kind) =>
    all.find((one) => one.kind === kind && one.metadata.name === 'dead-letter'),
  )
  expect(service?.spec).toMatchObject({
    template: { metadata: { annotations: { 'autoscaling.knative.dev/min-scale': '1' } } },
  })
  expect(binding?.spec).toMatchObject({
    subject: { kind: 'Service', name: 'dead-letter' },
    sink: { ref: { kind: 'KafkaSink', name: 'forms-dead-letter' } },
  })
  // It has no dead-letter sink of its own: nothing but it takes what is no event.
  const sources = all.filter(({ kind }) => kind === 'KafkaSource')
  expect(sources.filter(({ metadata }) => metadata.name === 'dead-letter')).toEqual([])
})

test('a sink makes no topic, and writes one that is declared', () => {
  const topics = topicsOf(declared).map(({ name }) => name)
  const sinks = all.filter(({ kind }) => kind === 'KafkaSink')
  expect(sinks.length).toBeGreaterThan(0)
  for (const { spec } of sinks) {
    expect(Object.keys(spec ?? {}).toSorted()).toEqual(['bootstrapServers', 'contentMode', 'topic'])
    expect(topics).toContain(spec?.topic)
  }
})

test('nobody outside reaches a task', () => {
  const services = all.filter(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1')
  const reached = services.filter(
    ({ metadata }) => metadata.labels?.['networking.knative.dev/visibility'] !== 'cluster-local',
  )
  expect(services.length).toBe(tasks.length + 2)
  expect(reached.map(({ metadata }) => metadata.name)).toEqual(['form-endpoint'])
})

test('what is for operators is not on the port that people reach', () => {
  const services = all.filter(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1')
  const container = {
    env: expect.arrayContaining([{ name: 'METRICS_PORT', value: '9464' }]),
    ports: [{ containerPort: 8080 }],
  }
  for (const { spec } of services) {
    expect(spec).toMatchObject({ template: { spec: { containers: [container] } } })
  }
})

test('no secret is written out', () => {
  expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([])
})
