// `func deploy` and `kubectl apply` lead to the same Service, but for what is listed here and in docs/bundles.md.
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { findTasks } from '#kit/find-tasks.ts'
import { deadLetterFacts, endpointFacts, taskFacts } from '../../knative/generate/function-facts.ts'
import { service } from '../../knative/generate/service.ts'
import { funcService } from '../../test/func-service.ts'
import { funcYaml } from './func-yaml.ts'

const all = [endpointFacts(), deadLetterFacts(), ...(await findTasks()).map(taskFacts)]

/** Each leaf by its path. What a list holds goes by its name, or its place. */
function leaves(part: unknown, path = ''): [string, unknown][] {
  if (typeof part !== 'object' || part === null) return [[path, part]]
  return Object.entries(part).flatMap(([at, value]) => leaves(value, `${path}/${keyOf(value, at)}`))
}

const keyOf = (value: { mountPath?: string; name?: string } | undefined, at: string): string =>
  /^\d+$/.test(at) ? (value?.mountPath ?? value?.name ?? at) : at

function missing(applied: object, made: object): string[] {
  const said = new Map(leaves(made))
  const different = leaves(applied).filter(([path, value]) => said.get(path) !== value)
  return different.map(([path, value]) => `${path} ${value}`.replace('/spec/template/', ''))
}

const both = all.map((facts) => {
  const applied = service(facts)
  const made = funcService(parse(funcYaml(facts)), `registry/formstream/${facts.name}:tag`)
  return { name: facts.name, lacks: missing(applied, made), adds: missing(made, applied) }
})

test.each(both)('$name is the same Service both ways, but for what is listed', (one) => {
  expect(one.lacks.filter((line) => !cannotSay.some((known) => known.test(line)))).toEqual([])
  expect(one.adds.filter((line) => !saysToo.some((known) => known.test(line)))).toEqual([])
})

test('all that is listed is so', () => {
  const lacks = both.flatMap((one) => one.lacks)
  expect(cannotSay.filter((known) => !lacks.some((line) => known.test(line)))).toEqual([])
  const adds = both.flatMap((one) => one.adds)
  expect(saysToo.filter((known) => !adds.some((line) => known.test(line)))).toEqual([])
})

/** A volume of one name is of one kind, so a Service that was made one way can be written the other way. */
test('volumes of one name are of one kind, and each is mounted, whichever way was first', () => {
  for (const facts of all) {
    const applied = templateOf(service(facts))
    const made = templateOf(funcService(parse(funcYaml(facts)), 'image'))
    // Applied server-side, a volume that the other way made stays; the containers are replaced.
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

/** What docs/bundles.md says in words. */
const cannotSay = [
  /^metadata\/annotations\/autoscaling.knative.dev\/scale-to-zero-pod-retention-period /,
  /^metadata\/annotations\/autoscaling.knative.dev\/target \d+$/,
  /^spec\/(timeoutSeconds|automountServiceAccountToken) /,
  /^spec\/containers\/0\/ports\/0\/containerPort /,
  /^spec\/containers\/0\/securityContext\/(runAsUser 65532|readOnlyRootFilesystem true)$/,
  /^spec\/containers\/0\/env\/\w+\/valueFrom\/secretKeyRef\/optional true$/,
  /^spec\/volumes\/(secret-[\w-]+\/secret|config-map-forms-0\/configMap)\/optional true$/,
  /^spec\/containers\/0\/volumeMounts\/\/forms\/name forms$/,
  /^spec\/volumes\/forms\//,
  /^spec\/containers\/0\/volumeMounts\/\/var\/run\/forms-0\//,
]

const saysToo = [
  /^(\/metadata|metadata)\/labels\/function\.knative\.dev/,
  /^metadata\/labels\/(app\.kubernetes\.io\/component|networking\.knative\.dev\/visibility) /,
  /^(\/metadata|metadata)\/annotations\/function\.knative\.dev\/deployer knative$/,
  /^metadata\/annotations\/autoscaling.knative.dev\/target \d+\.000000$/,
  /^spec\/containers\/0\/env\/(BUILT|ADDRESS)\//,
  /^spec\/containers\/0\/(readiness|liveness)Probe\/httpGet\/port 8080$/,
  /^spec\/containers\/0\/volumeMounts\/\/forms\/name config-map-forms-0$/,
]
