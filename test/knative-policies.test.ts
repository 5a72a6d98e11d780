// Who may reach what in a cluster: NetworkPolicies, EventPolicies, Pod Security, HTTPS, images by digest. Enforcement: npm run test:cluster -- policies.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parseAllDocuments } from 'yaml'
import { findTasks } from '#kit/find-tasks.ts'
import { networkPolicies } from '../knative/generate/network-policies.ts'
import { checked, problemsOf, type Resource, resourcesOf, title } from './manifest-schemas.ts'

interface Policy {
  podSelector: object
  policyTypes: string[]
  ingress: { from?: object[]; ports?: { port: number }[] }[]
}

const base = 'knative/base'
const all = readdirSync(base)
  .filter((file) => file !== 'kustomization.yaml')
  .flatMap((file) => resourcesOf(join(base, file)))
const ofKind = (kind: string, from = all): Resource[] => from.filter((one) => one.kind === kind)
const policies = new Map(
  ofKind('NetworkPolicy').map(({ metadata, spec }) => [metadata.name, spec as unknown as Policy]),
)
const tasks = await findTasks()

test('a pod of the namespace takes no connection that no policy allows', () => {
  expect(policies.get('deny')).toEqual({ podSelector: {}, policyTypes: ['Ingress'], ingress: [] })
})

test('no policy opens a port to everybody, and none the port of a function itself', () => {
  const rules = [...policies.values()].flatMap(({ ingress }) => ingress)
  expect(rules.length).toBeGreaterThan(0)
  for (const { from, ports } of rules) {
    expect(from?.length).toBeGreaterThan(0)
    expect(ports?.length).toBeGreaterThan(0)
    expect(ports?.map(({ port }) => port)).not.toContain(8080)
    for (const peer of from ?? []) expect(Object.values(peer)).not.toContainEqual({})
  }
})

test('a function takes requests from the gateways and the activator, and is read by the autoscaler and by who monitors', () => {
  const { ingress = [] } = policies.get('functions') ?? {}
  const said = ingress.map(({ from, ports }) => [
    JSON.stringify(from).match(/"(knative-\w+|\w+-system|formstream\/\w+)"/g),
    ports?.map(({ port }) => port),
  ])
  expect(said).toEqual([
    [
      ['"knative-serving"', '"kourier-system"', '"istio-system"'],
      [8012, 8013, 8112],
    ],
    [['"knative-serving"'], [9090]],
    [['"formstream/monitoring"'], [9464, 9091]],
  ])
})

test('Redis takes connections from the functions that have its address, and from no other', () => {
  const key = 'serving.knative.dev/service'
  const pods = { matchExpressions: [{ key, operator: 'In', values: ['sheets'] }] }
  expect(policies.get('redis')?.ingress).toEqual([
    { from: [{ podSelector: pods }], ports: [{ protocol: 'TCP', port: 6379 }] },
  ])
  // An empty list would mean everybody.
  expect(networkPolicies([]).map(({ metadata }) => metadata.name)).toEqual(['deny', 'functions'])
})

test('each KafkaSink takes events from the one function that writes its topic', () => {
  const sinks = ofKind('KafkaSink').map(({ metadata }) => metadata.name)
  const allowed = ofKind(
    'EventPolicy',
    resourcesOf('knative/authenticated/event-policies.yaml'),
  ).map(({ spec }) => [spec?.to, spec?.from])
  const bound = ofKind('SinkBinding').map(({ metadata, apiVersion, kind, spec }) => [
    [spec?.sink],
    [{ ref: { apiVersion, kind, name: metadata.name } }],
  ])
  expect(allowed).toEqual(bound)
  expect(allowed).toHaveLength(sinks.length)
  expect(sinks).toHaveLength(tasks.length + 1)
})

test('the namespace takes only pods that keep to the restricted standard', () => {
  const [namespace] = ofKind('Namespace')
  expect(namespace?.metadata.labels).toEqual({
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'v1.34',
    'pod-security.kubernetes.io/warn': 'restricted',
    'pod-security.kubernetes.io/audit': 'restricted',
  })
})

const kustomize = spawnSync('kubectl', ['version', '--client']).status === 0
const rendered = kustomize ? test : test.skip
const why = kustomize ? '' : ' (skipped: no kubectl)'

function render(folder: string): Resource[] {
  const { stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return parseAllDocuments(stdout).map((document): Resource => document.toJS())
}

interface Container {
  image: string
  securityContext?: object
}

const podsOf = (resources: Resource[]) =>
  ['Service', 'StatefulSet']
    .flatMap((kind) => ofKind(kind, resources))
    .map(({ spec }) => (spec?.template as { spec: object } | undefined)?.spec)
    .filter((spec) => spec !== undefined) as { containers: Container[] }[]

rendered.each(['dev', 'production'])(
  `every container of the overlay %s keeps to the restricted standard${why}`,
  (overlay) => {
    const containers = podsOf(render(`knative/overlays/${overlay}`)).flatMap(
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

rendered(`in production every image goes by its digest${why}`, () => {
  const images = podsOf(render('knative/overlays/production'))
    .flatMap(({ containers }) => containers)
    .map(({ image }) => image)
  expect(images).toHaveLength(tasks.length + 2)
  for (const image of images) {
    expect(image).toMatch(/^registry\.example\.org\/formstream\/[a-z-]+@sha256:[0-9a-f]{64}$/)
  }
})

rendered(`in production HTTP is redirected to HTTPS at every address of the endpoint${why}`, () => {
  const resources = render('knative/overlays/production')
  const redirected = { 'networking.knative.dev/http-protocol': 'redirected' }
  expect(
    resources
      .filter(({ metadata }) => JSON.stringify(metadata).includes('http-protocol'))
      .map(({ kind, metadata }) => [kind, metadata]),
  ).toEqual([
    ['Service', expect.objectContaining({ name: 'form-endpoint', annotations: redirected })],
    ['DomainMapping', expect.objectContaining({ annotations: redirected })],
  ])
})

checked(title('the policies for the namespaces of Knative fit the schemas'), () => {
  const resources = ['kourier', 'kafka-sink'].flatMap((file) =>
    resourcesOf(`knative/neighbours/${file}.yaml`),
  )
  expect(resources.map(({ metadata }) => metadata.namespace)).toEqual([
    'kourier-system',
    'knative-eventing',
  ])
  expect(resources.flatMap(problemsOf)).toEqual([])
})
