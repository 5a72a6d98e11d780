// The Knative Service that `func deploy` (1.21) creates from a func.yaml, and how it updates an existing one. Modelled on func's source,
// including the defaults that Knative's webhook adds.

interface Env {
  name?: string
  value: string
}

/** The parts of a func.yaml that the Service depends on. */
interface Func {
  name: string
  namespace: string
  run: {
    envs: Env[]
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

interface Service {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace: string; labels: object; annotations: object }
  spec: { template: { metadata: object; spec: { containers: [Container]; volumes: object[] } } }
}

interface Container {
  image: string
  [field: string]: unknown
}

const serving = 'serving.knative.dev/v1'

export function funcService({ run, deploy, ...func }: Func, image: string): Service {
  const labels = {
    ...Object.fromEntries(deploy.labels?.map(({ key, value }) => [key, value]) ?? []),
    'function.knative.dev': 'true',
    'function.knative.dev/name': func.name,
    'function.knative.dev/runtime': 'node',
  }
  const annotations = { 'function.knative.dev/deployer': 'knative' }
  const { concurrency, ...limits } = deploy.options.resources.limits
  const { requests } = deploy.options.resources
  const container = {
    image,
    ...environment(run.envs),
    resources: { requests, limits },
    ...probes(deploy.healthEndpoints),
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: run.volumes.map((volume) => ({
      name: nameOf(volume),
      mountPath: volume.path,
      readOnly: true,
    })),
  }
  return {
    apiVersion: serving,
    kind: 'Service',
    metadata: { name: func.name, namespace: func.namespace, labels, annotations },
    spec: {
      template: {
        metadata: { labels, annotations: { ...annotations, ...autoscaling(deploy.options) } },
        spec: {
          containerConcurrency: concurrency,
          enableServiceLinks: false,
          containers: [container],
          volumes: run.volumes.map((volume) => ({ name: nameOf(volume), ...sourceOf(volume) })),
        },
      },
    },
  } as Service
}

/** The existing Service after `func deploy`: func replaces the fields that it writes and keeps all others. */
export function funcUpdates(existing: Service, created: Service): Service {
  const updated = structuredClone(existing)
  const [container] = updated.spec.template.spec.containers
  const [{ image, env, envFrom, volumeMounts, resources, readinessProbe, livenessProbe }] =
    created.spec.template.spec.containers
  Object.assign(container, { image, env, envFrom, volumeMounts, resources })
  Object.assign(container, { readinessProbe, livenessProbe })
  Object.assign(updated.spec.template.spec, { volumes: created.spec.template.spec.volumes })
  const { labels, annotations } = created.metadata
  Object.assign(updated.metadata, { labels, annotations: { ...creator(existing), ...annotations } })
  updated.spec.template.metadata = created.spec.template.metadata
  return updated
}

/** The annotation that names who created the Service. Knative rejects changes to it. */
const creator = ({ metadata }: Service): object =>
  Object.fromEntries(
    Object.entries(metadata.annotations).filter(([name]) => name.endsWith('/creator')),
  )

function autoscaling({ scale }: Func['deploy']['options']): Record<string, string> {
  return {
    'autoscaling.knative.dev/metric': scale.metric,
    'autoscaling.knative.dev/target': scale.target.toFixed(6),
    'autoscaling.knative.dev/min-scale': String(scale.min),
    'autoscaling.knative.dev/max-scale': String(scale.max),
  }
}

const probes = ({ liveness, readiness }: Func['deploy']['healthEndpoints']): object => ({
  readinessProbe: { httpGet: { path: readiness, port: 8080 } },
  livenessProbe: { httpGet: { path: liveness, port: 8080 } },
})

function environment(envs: Env[]): object {
  const added = [
    { name: 'BUILT', value: '20260102T030405' },
    { name: 'ADDRESS', value: '0.0.0.0' },
  ]
  const named = envs.flatMap(({ name, value }) => (name ? [{ name, ...variableOf(value) }] : []))
  const wholeSecrets = envs.filter(({ name }) => !name).map(({ value }) => secretRef(value))
  return { env: [...named, ...added], envFrom: wholeSecrets }
}

const secretRef = (value: string): object => ({ secretRef: { name: secretParts(value)[0] } })

/** Name and key of `{{ secret:redis:url }}`; only the name of `{{ secret:redis }}`; empty for another value. */
const secretParts = (value: string): string[] =>
  /^\{\{ secret:(.+) \}\}$/.exec(value)?.[1]?.split(':') ?? []

function variableOf(value: string): object {
  const [name, key] = secretParts(value)
  return name ? { valueFrom: { secretKeyRef: { name, key } } } : { value }
}

type Volume = Func['run']['volumes'][number]

const nameOf = ({ secret, configMap }: Volume): string =>
  secret ? `secret-${secret}` : `config-map-${configMap}`

const sourceOf = ({ secret, configMap }: Volume): object =>
  secret ? { secret: { secretName: secret } } : { configMap: { name: configMap } }
