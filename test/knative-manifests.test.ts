// The manifests in knative/ fit the schemas of Kubernetes and Knative, and configure delivery so that no event is lost.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, test } from '@jest/globals'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { inputsOf } from '#kit/define-task.ts'
import { findClusterTasks } from '#kit/find-tasks.ts'
import {
  baseFiles,
  kubectlTitle,
  problemsOf,
  type Resource,
  renderOverlay,
  resourcesOf,
  schemaTitle,
  testWithKubectl,
  testWithKubectlAndSchemas,
  testWithSchemas,
} from './manifest-schemas.ts'

const all = baseFiles.flatMap((file) => resourcesOf(file))
const tasks = await findClusterTasks()

/** Kinds without a schema here. `npm run test:cluster` applies them; knative-policies.test.ts checks the EventPolicies. */
const withoutSchema = ['ClusterDomainClaim', 'EventPolicy']

/** Name and problems of each resource that has any. */
const problemsIn = (resources: Resource[]): [string, string[]][] =>
  resources
    .filter(({ kind }) => !withoutSchema.includes(kind))
    .map((resource): [string, string[]] => [resource.metadata.name, problemsOf(resource)])
    .filter(([, problems]) => problems.length > 0)

testWithSchemas.each(baseFiles)(schemaTitle('%s fits the schemas'), (file) => {
  const resources = resourcesOf(file)
  expect(resources.length).toBeGreaterThan(0)
  expect(problemsIn(resources)).toEqual([])
})

testWithKubectlAndSchemas.each(['knative/overlays/dev', 'knative/overlays/production'])(
  kubectlTitle(schemaTitle('%s fits the schemas')),
  (folder) => {
    const resources = renderOverlay(folder)
    expect(resources.length).toBeGreaterThan(all.length)
    expect(problemsIn(resources)).toEqual([])
  },
)

/** The production overlay with one more component. */
function renderWith(component: string): Resource[] {
  const folder = mkdtempSync(join(tmpdir(), 'formstream-overlay-'))
  const fromFolder = (path: string) => relative(folder, path)
  const kustomization = {
    resources: [fromFolder('knative/overlays/production')],
    components: [fromFolder(component)],
  }
  writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
  const resources = renderOverlay(folder)
  rmSync(folder, { recursive: true })
  return resources
}

testWithKubectlAndSchemas.each([
  ['knative/topology-spread', 'maxSkew'],
  ['knative/spool', 'SPOOL_DIR'],
])(
  kubectlTitle(schemaTitle('production with %s changes the endpoint only, and fits the schemas')),
  (component, mark) => {
    const resources = renderWith(component)
    expect(problemsIn(resources)).toEqual([])
    const changed = resources.filter((one) => JSON.stringify(one).includes(mark))
    expect(changed.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ['Service', 'form-endpoint'],
    ])
  },
)

testWithKubectl(
  kubectlTitle('the folder of the spool is on a volume that the endpoint may write'),
  () => {
    const [service] = renderWith('knative/spool').filter(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === 'form-endpoint',
    )
    expect(service).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: expect.arrayContaining([
                  { name: 'SPOOL_DIR', value: '/var/spool/formstream/submissions' },
                ]),
                volumeMounts: expect.arrayContaining([
                  { name: 'spool', mountPath: '/var/spool/formstream' },
                ]),
              },
            ],
            volumes: expect.arrayContaining([{ name: 'spool', emptyDir: { sizeLimit: '2Gi' } }]),
          },
        },
      },
    })
  },
)

const firstOfKind = (kind: string): Resource =>
  structuredClone(all.find((resource) => resource.kind === kind) as Resource)

testWithSchemas.each<[string, string, (resource: Resource) => void, string]>([
  [
    'a misspelt field',
    'Service',
    ({ spec }) => Object.assign(spec?.template ?? {}, { specs: {} }),
    '"specs"',
  ],
  [
    'a field that belongs to another kind',
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
    'a value that is not allowed',
    'KafkaSink',
    ({ spec }) => Object.assign(spec ?? {}, { contentMode: 'json' }),
    'allowed values',
  ],
  ['a field beside the data', 'ConfigMap', (map) => Object.assign(map, { files: {} }), '"files"'],
  [
    'a field that the kind does not have',
    'PodDisruptionBudget',
    ({ spec }) => Object.assign(spec ?? {}, { replicas: 1 }),
    '"replicas"',
  ],
])(schemaTitle('%s in a %s is reported as an error'), (_what, kind, breakIt, expected) => {
  const resource = firstOfKind(kind)
  expect(problemsOf(resource)).toEqual([])
  breakIt(resource)
  expect(problemsOf(resource).join()).toContain(expected)
})

test.each(tasks)(
  'the KafkaSource of $name reads its topic from the first event, with 200 retries and a dead-letter sink',
  (task) => {
    const source = all.find(
      ({ kind, metadata }) => kind === 'KafkaSource' && metadata.name === task.name,
    )
    expect(source?.spec).toMatchObject({
      topics: inputsOf(task).map((topic) => topic.name),
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

test('the dead-letter function always has a replica, and publishes to the dead-letter topic', () => {
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
  // No KafkaSource delivers to the dead-letter function, so its failures need no dead-letter sink.
  const sources = all.filter(({ kind }) => kind === 'KafkaSource')
  expect(sources.filter(({ metadata }) => metadata.name === 'dead-letter')).toEqual([])
})

test('each KafkaSink writes to a declared topic, and creates none', () => {
  const topics = topicsOf(declared).map(({ name }) => name)
  const sinks = all.filter(({ kind }) => kind === 'KafkaSink')
  expect(sinks.length).toBeGreaterThan(0)
  for (const { spec } of sinks) {
    expect(Object.keys(spec ?? {}).toSorted()).toEqual(['bootstrapServers', 'contentMode', 'topic'])
    expect(topics).toContain(spec?.topic)
  }
})

test('only the endpoint is reachable from outside the cluster', () => {
  const services = all.filter(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1')
  const reachable = services.filter(
    ({ metadata }) => metadata.labels?.['networking.knative.dev/visibility'] !== 'cluster-local',
  )
  expect(services.length).toBe(tasks.length + 2)
  expect(reachable.map(({ metadata }) => metadata.name)).toEqual(['form-endpoint'])
})

test('metrics are on a port of their own, not on the port of requests', () => {
  const services = all.filter(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1')
  const container = {
    env: expect.arrayContaining([{ name: 'METRICS_PORT', value: '9464' }]),
    ports: [{ containerPort: 8080 }],
  }
  for (const { spec } of services) {
    expect(spec).toMatchObject({ template: { spec: { containers: [container] } } })
  }
})

test('the manifests contain no Secret', () => {
  expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([])
})
