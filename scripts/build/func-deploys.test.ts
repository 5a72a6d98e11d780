// `func deploy` and `kubectl apply` lead to the same Service, but for what a func.yaml cannot say; that is listed here.
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { findTasks } from '#kit/find.ts'
import { deadLetterFacts, endpointFacts, taskFacts } from '../knative/facts.ts'
import { service } from '../knative/service.ts'
import { funcYaml } from './func-yaml.ts'

const all = [endpointFacts(), deadLetterFacts(), ...(await findTasks()).map(taskFacts)]

interface Func {
  run: {
    envs: { name?: string; value: string }[]
    volumes: { path: string; secret?: string; configMap?: string }[]
  }
  deploy: {
    labels?: { key: string; value: string }[]
    options: {
      scale: { min: number; max: number; metric: string; target: number }
      resources: { requests: object; limits: { cpu: string; memory: string; concurrency: number } }
    }
    healthEndpoints: { liveness: string; readiness: string }
  }
}

/** The Service that func makes of a func.yaml, as its deployer does it. */
function deployed({ run, deploy }: Func): object {
  const { scale, resources } = deploy.options
  const { concurrency, ...limits } = resources.limits
  const labels = Object.fromEntries(deploy.labels?.map(({ key, value }) => [key, value]) ?? [])
  const autoscaling = { metric: scale.metric, target: scale.target }
  const bounds = { 'min-scale': scale.min, 'max-scale': scale.max }
  const annotations = Object.entries({ ...autoscaling, ...bounds }).map(([name, value]) => [
    `autoscaling.knative.dev/${name}`,
    String(value),
  ])
  const container = {
    env: run.envs.flatMap((env) => (env.name ? [{ name: env.name, ...source(env.value) }] : [])),
    envFrom: run.envs.flatMap((env) =>
      env.name ? [] : [{ secretRef: { name: key(env.value)[0] } }],
    ),
    resources: { requests: resources.requests, limits },
    readinessProbe: { httpGet: { path: deploy.healthEndpoints.readiness } },
    livenessProbe: { httpGet: { path: deploy.healthEndpoints.liveness } },
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: run.volumes.map(({ path }, n) => ({ name: String(n), mountPath: path })),
  }
  const volumes = run.volumes.map(({ secret, configMap }, n) => ({
    name: String(n),
    ...(secret
      ? { secret: { secretName: secret } }
      : { projected: { sources: [{ configMap: { name: configMap } }] } }),
  }))
  return {
    metadata: { labels },
    spec: {
      template: {
        metadata: { annotations: Object.fromEntries(annotations) },
        spec: { containerConcurrency: concurrency, containers: [container], volumes },
      },
    },
  }
}

/** `{{ secret:redis:url }}` as its name and key. */
const key = (value: string): string[] =>
  /^\{\{ secret:(.+) \}\}$/.exec(value)?.[1]?.split(':') ?? []

function source(value: string): object {
  const [name, of] = key(value)
  return name ? { valueFrom: { secretKeyRef: { name, key: of } } } : { value }
}

/** Each leaf by its path. A volume goes by its place, as its name means nothing. */
function leaves(part: unknown, path = ''): [string, unknown][] {
  if (typeof part !== 'object' || part === null) return [[path, part]]
  return Object.entries(part).flatMap(([name, value]) => leaves(value, `${path}/${name}`))
}

const nameOfVolume = /\/(volumes|volumeMounts)\/\d+\/name$/

function missing(applied: object, made: object): string[] {
  const said = new Map(leaves(made))
  const different = leaves(applied).filter(
    ([path, value]) => !nameOfVolume.test(path) && said.get(path) !== value,
  )
  return different.map(([path, value]) => `${path} ${value}`.replace('/spec/template/', ''))
}

const both = all.map((facts) => {
  const { metadata, spec } = service(facts)
  const applied = { metadata: { labels: metadata.labels ?? {} }, spec: spec ?? {} }
  const made = deployed(parse(funcYaml(facts)) as Func)
  return { name: facts.name, lacks: missing(applied, made), adds: missing(made, applied) }
})

test.each(both)('$name is the same Service both ways, but for what is listed', (one) => {
  expect(one.lacks.filter((line) => !cannotSay.some((known) => known.test(line)))).toEqual([])
  expect(one.adds).toEqual([])
})

test('all that is listed is so', () => {
  const lacks = both.flatMap((one) => one.lacks)
  expect(cannotSay.filter((known) => !lacks.some((line) => known.test(line)))).toEqual([])
})

/** What docs/bundles.md says in words. */
const cannotSay = [
  /^\/metadata\/labels\/app.kubernetes.io\/component function$/,
  /^metadata\/annotations\/autoscaling.knative.dev\/scale-to-zero-pod-retention-period /,
  /^spec\/(timeoutSeconds|enableServiceLinks|automountServiceAccountToken) /,
  /^spec\/containers\/0\/(image|ports\/0\/containerPort) /,
  /^spec\/containers\/0\/securityContext\/(runAsUser 65532|readOnlyRootFilesystem true)$/,
  /^spec\/containers\/0\/volumeMounts\/\d+\/readOnly true$/,
  /^spec\/containers\/0\/env\/\d+\/valueFrom\/secretKeyRef\/optional true$/,
  /^spec\/volumes\/\d+\/secret\/optional true$/,
  /^spec\/volumes\/0\/projected\/sources\/0\/configMap\/optional true$/,
  /^spec\/volumes\/0\/projected\/sources\/([1-9]|1[0-5])\/configMap\/(name forms-\d+|optional true)$/,
]
