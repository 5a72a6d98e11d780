// Access in a cluster: NetworkPolicies, EventPolicies, Pod Security, HTTPS, and images pinned by digest. Whether a cluster enforces the
// policies is tested by `npm run test:cluster -- policies`.
import { expect, test } from '@jest/globals'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { networkPolicies } from '../knative/generate/network-policies.ts'
import {
  baseFiles,
  kubectlTitle,
  problemsOf,
  type Resource,
  renderOverlay,
  resourcesOf,
  schemaTitle,
  testWithKubectl,
  testWithSchemas,
} from './manifest-schemas.ts'

interface Policy {
  podSelector: object
  policyTypes: string[]
  ingress: { from?: object[]; ports?: { port: number }[] }[]
}

const all = baseFiles.flatMap((file) => resourcesOf(file))
const ofKind = (kind: string, from = all): Resource[] => from.filter((one) => one.kind === kind)
const policies = new Map(
  ofKind('NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec as unknown as Policy]),
)
const tasks = await findClusterTasks()

test('pods of the namespace accept no connection by default', () => {
  expect(policies.get('deny')).toEqual({ podSelector: {}, policyTypes: ['Ingress'], ingress: [] })
})

test('no policy opens a port to everybody, or opens port 8080 of a function, which bypasses its queue-proxy', () => {
  const rules = [...policies.values()].flatMap(({ ingress }) => ingress)
  expect(rules.length).toBeGreaterThan(0)
  for (const { from, ports } of rules) {
    expect(from?.length).toBeGreaterThan(0)
    expect(ports?.length).toBeGreaterThan(0)
    expect(ports?.map(({ port }) => port)).not.toContain(8080)
    for (const peer of from ?? []) expect(Object.values(peer)).not.toContainEqual({})
  }
})

test('functions accept requests from the gateways and the activator; only the autoscaler and monitoring may read their metrics', () => {
  const { ingress = [] } = policies.get('functions') ?? {}
  const allowed = ingress.map(({ from, ports }) => [
    JSON.stringify(from).match(/"(knative-\w+|\w+-system|formstream\/\w+)"/g),
    ports?.map(({ port }) => port),
  ])
  expect(allowed).toEqual([
    [
      ['"knative-serving"', '"kourier-system"', '"istio-system"'],
      [8012, 8013, 8112],
    ],
    [['"knative-serving"'], [9090]],
    [['"formstream/monitoring"'], [9464, 9091]],
  ])
})

test('Redis accepts connections only from the functions that have its address', () => {
  const key = 'serving.knative.dev/service'
  const values = ['form-endpoint', 'confirmation', 'sheets', 'webhook']
  const pods = { matchExpressions: [{ key, operator: 'In', values }] }
  expect(policies.get('redis')?.ingress).toEqual([
    { from: [{ podSelector: pods }], ports: [{ protocol: 'TCP', port: 6379 }] },
  ])
  // Without such functions there must be no Redis policy: an empty list of peers would allow everybody.
  expect(networkPolicies([]).map(({ metadata }) => metadata.name)).toEqual(['deny', 'functions'])
})

test('each KafkaSink accepts events only from the function that writes its topic', () => {
  const sinks = ofKind('KafkaSink').map(({ metadata }) => metadata.name)
  const allowed = ofKind(
    'EventPolicy',
    resourcesOf('knative/authenticated/event-policies.yaml'),
  ).map(({ spec }) => [spec?.to, spec?.from])
  const bound = ofKind('SinkBinding').map(({ metadata, apiVersion, kind, spec }) => [
    [spec?.sink],
    [{ ref: { apiVersion, kind, name: metadata.name } }],
  ])
  expect(new Set(allowed)).toEqual(new Set(bound))
  expect(allowed).toHaveLength(sinks.length)
  expect(sinks).toHaveLength(tasks.length + 1)
})

test('the namespace enforces the restricted Pod Security Standard', () => {
  const [namespace] = ofKind('Namespace')
  expect(namespace?.metadata.labels).toEqual({
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'v1.34',
    'pod-security.kubernetes.io/warn': 'restricted',
    'pod-security.kubernetes.io/audit': 'restricted',
  })
})

interface Container {
  image: string
  securityContext?: object
}

const podsOf = (resources: Resource[]) =>
  ['Service', 'StatefulSet']
    .flatMap((kind) => ofKind(kind, resources))
    .map(({ spec }) => (spec?.template as { spec: object } | undefined)?.spec)
    .filter((spec) => spec !== undefined) as { containers: Container[] }[]

testWithKubectl.each(['dev', 'production'])(
  kubectlTitle('every container of the overlay %s keeps to the restricted standard'),
  (overlay) => {
    const containers = podsOf(renderOverlay(`knative/overlays/${overlay}`)).flatMap(
      (pod) => pod.containers,
    )
    expect(containers.length).toBeGreaterThanOrEqual(tasks.length + 2)
    for (const { securityContext } of containers) {
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: expect.any(Number),
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      })
    }
  },
)

testWithKubectl(kubectlTitle('in production every image is pinned by its digest'), () => {
  const images = podsOf(renderOverlay('knative/overlays/production'))
    .flatMap(({ containers }) => containers)
    .map(({ image }) => image)
  expect(images).toHaveLength(tasks.length + 2)
  for (const image of images) {
    expect(image).toMatch(/^registry\.example\.org\/formstream\/[a-z-]+@sha256:[0-9a-f]{64}$/)
  }
})

testWithKubectl(
  kubectlTitle('in production HTTP is redirected to HTTPS at every address of the endpoint'),
  () => {
    const resources = renderOverlay('knative/overlays/production')
    const redirected = { 'networking.knative.dev/http-protocol': 'redirected' }
    expect(
      resources
        .filter(({ metadata }) => JSON.stringify(metadata).includes('http-protocol'))
        .map(({ kind, metadata }) => [kind, metadata]),
    ).toEqual([
      ['Service', expect.objectContaining({ name: 'form-endpoint', annotations: redirected })],
      ['DomainMapping', expect.objectContaining({ annotations: redirected })],
    ])
  },
)

testWithSchemas(schemaTitle('the policies for the namespaces of Knative fit the schemas'), () => {
  const resources = ['kourier', 'kafka-sink'].flatMap((file) =>
    resourcesOf(`knative/other-namespaces/${file}.yaml`),
  )
  expect(resources.map(({ metadata }) => metadata.namespace)).toEqual([
    'kourier-system',
    'knative-eventing',
  ])
  expect(resources.flatMap(problemsOf)).toEqual([])
})
