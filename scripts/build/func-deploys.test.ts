// `func deploy` and `kubectl apply` make the same Service, except for the differences listed here and in docs/bundles.md.
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { deadLetterFacts, endpointFacts, taskFacts } from '../../knative/generate/function-facts.ts'
import { service } from '../../knative/generate/service.ts'
import { funcService } from '../../test/func-service.ts'
import { funcYaml } from './func-yaml.ts'

const all = [endpointFacts(), deadLetterFacts(), ...(await findClusterTasks()).map(taskFacts)]

/** Each leaf with its path. An item of a list is addressed by its name, or by its index if it has none. */
function leaves(part: unknown, path = ''): [string, unknown][] {
  if (typeof part !== 'object' || part === null) return [[path, part]]
  return Object.entries(part).flatMap(([at, value]) => leaves(value, `${path}/${keyOf(value, at)}`))
}

const keyOf = (value: { mountPath?: string; name?: string } | undefined, at: string): string =>
  /^\d+$/.test(at) ? (value?.mountPath ?? value?.name ?? at) : at

function missing(applied: object, made: object): string[] {
  const values = new Map(leaves(made))
  const different = leaves(applied).filter(([path, value]) => values.get(path) !== value)
  return different.map(([path, value]) => `${path} ${value}`.replace('/spec/template/', ''))
}

const both = all.map((facts) => {
  const applied = service(facts)
  const made = funcService(parse(funcYaml(facts)), `registry/formstream/${facts.name}:tag`)
  return { name: facts.name, missing: missing(applied, made), added: missing(made, applied) }
})

test.each(both)('$name is the same Service both ways, except for the listed differences', (one) => {
  expect(one.missing.filter((line) => !notInFuncYaml.some((known) => known.test(line)))).toEqual([])
  expect(one.added.filter((line) => !funcAdds.some((known) => known.test(line)))).toEqual([])
})

test('every listed difference exists', () => {
  const lacks = both.flatMap((one) => one.missing)
  expect(notInFuncYaml.filter((known) => !lacks.some((line) => known.test(line)))).toEqual([])
  const adds = both.flatMap((one) => one.added)
  expect(funcAdds.filter((known) => !adds.some((line) => known.test(line)))).toEqual([])
})

test('a Service made one way can be updated the other way: volumes agree, and each is mounted', () => {
  for (const facts of all) {
    const applied = templateOf(service(facts))
    const made = templateOf(funcService(parse(funcYaml(facts)), 'image'))
    // A server-side apply keeps the volumes that the other way made, and replaces the containers.
    const volumes = new Map([...made.volumes, ...applied.volumes].map((one) => [one.name, one]))
    const mounted = applied.containers[0].volumeMounts.map(({ name }) => name)
    expect(mounted.toSorted()).toEqual([...volumes.keys()].toSorted())
    for (const one of made.volumes) {
      expect(Object.keys(volumes.get(one.name) ?? {})).toEqual(Object.keys(one))
    }
  }
})

interface Template {
  volumes: { name: string }[]
  containers: [{ volumeMounts: { name: string }[] }]
}

const templateOf = ({ spec }: object & { spec?: object }): Template =>
  (spec as { template: { spec: Template } }).template.spec

/** Fields that func.yaml cannot express; docs/bundles.md explains them. */
const notInFuncYaml = [
  /^metadata\/annotations\/autoscaling.knative.dev\/scale-to-zero-pod-retention-period /,
  /^metadata\/annotations\/autoscaling.knative.dev\/target \d+$/,
  /^spec\/(timeoutSeconds|automountServiceAccountToken) /,
  /^spec\/containers\/0\/ports\/0\/containerPort /,
  /^spec\/containers\/0\/securityContext\/(runAsUser 65532|readOnlyRootFilesystem true)$/,
  /^spec\/containers\/0\/(env\/\w+\/valueFrom\/secretKeyRef|envFrom\/\d+\/secretRef)\/optional true$/,
  /^spec\/volumes\/(secret-[\w-]+\/secret|config-map-forms-0\/configMap)\/optional true$/,
  /^spec\/containers\/0\/volumeMounts\/\/forms\/name forms$/,
  /^spec\/volumes\/forms\//,
  /^spec\/containers\/0\/volumeMounts\/\/var\/run\/forms-0\//,
]

/** Fields that func adds. */
const funcAdds = [
  /^(\/metadata|metadata)\/labels\/function\.knative\.dev/,
  /^metadata\/labels\/(app\.kubernetes\.io\/component|networking\.knative\.dev\/visibility) /,
  /^(\/metadata|metadata)\/annotations\/function\.knative\.dev\/deployer knative$/,
  /^metadata\/annotations\/autoscaling.knative.dev\/target \d+\.000000$/,
  /^spec\/containers\/0\/env\/(BUILT|ADDRESS)\//,
  /^spec\/containers\/0\/(readiness|liveness)Probe\/httpGet\/port 8080$/,
  /^spec\/containers\/0\/volumeMounts\/\/forms\/name config-map-forms-0$/,
]
