// The Knative Service of a function: one container with a read-only file system.
import { rules } from '#kit/delivery-rules.ts'
import type { FunctionFacts, Variable, Volume } from './function-facts.ts'
import { metadataOf, type Resource, serving } from './resource.ts'

/** How long the last replica stays after the last delivery, so that the next one does not wait for a start. */
const idleRetention = '60s'

export function service(facts: FunctionFacts): Resource {
  const { name, scale } = facts
  return {
    apiVersion: serving,
    kind: 'Service',
    metadata: {
      ...metadataOf(name),
      labels: {
        // Lets func users leave the Services out: kubectl apply -l app.kubernetes.io/component!=function
        'app.kubernetes.io/component': 'function',
        ...(!facts.public && { 'networking.knative.dev/visibility': 'cluster-local' }),
      },
    },
    spec: {
      template: {
        metadata: {
          annotations: {
            'autoscaling.knative.dev/metric': 'concurrency',
            'autoscaling.knative.dev/target': String(scale.target),
            'autoscaling.knative.dev/min-scale': String(scale.min),
            'autoscaling.knative.dev/max-scale': String(scale.max),
            ...(scale.min === 0 && {
              'autoscaling.knative.dev/scale-to-zero-pod-retention-period': idleRetention,
            }),
          },
        },
        spec: {
          containerConcurrency: scale.concurrency,
          // As long as the source waits for a response. Also the time a replica gets to shut down.
          timeoutSeconds: rules.timeout / 1000,
          enableServiceLinks: false,
          automountServiceAccountToken: false,
          containers: [container(facts)],
          volumes: [...facts.volumes.map(toVolume), ...funcVolumes(facts.volumes)],
        },
      },
    },
  }
}

const container = ({ name, env, volumes, resources }: FunctionFacts): object => ({
  // Overlays set registry and tag.
  image: `registry/formstream/${name}:tag`,
  ports: [{ containerPort: 8080 }],
  env: env.filter((variable) => 'name' in variable).map(toEnv),
  ...envFrom(env),
  resources,
  // Without `periodSeconds`, Knative probes every 50 ms until the first success.
  readinessProbe: { httpGet: { path: '/health/readiness' } },
  livenessProbe: { httpGet: { path: '/health/liveness' } },
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65532,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
  volumeMounts: [
    ...volumes.map((volume) => mount(volumeName(volume), volume.path)),
    ...funcVolumes(volumes).map(({ name }) => mount(name, '/var/run/forms-0')),
  ],
})

type AllOf = Extract<Variable, { allOf: string }>

function toEnv(variable: Exclude<Variable, AllOf>): object {
  const { name } = variable
  if ('value' in variable) return { name, value: variable.value }
  const { secret, key, optional } = variable
  return { name, valueFrom: { secretKeyRef: { name: secret, key, ...(optional && { optional }) } } }
}

function envFrom(env: Variable[]): object {
  const secrets = env.flatMap((variable) => ('allOf' in variable ? [variable] : []))
  if (secrets.length === 0) return {}
  const toSecret = ({ allOf: name, optional }: AllOf) => ({ name, ...(optional && { optional }) })
  return { envFrom: secrets.map((secret) => ({ secretRef: toSecret(secret) })) }
}

const mount = (name: string, mountPath: string): object => ({ name, mountPath, readOnly: true })

/** Secrets get the names that func gives them; with other names, a Service deployed by both would have unmounted volumes. */
const volumeName = (volume: Volume): string =>
  'secret' in volume ? `secret-${volume.secret}` : 'forms'

/**
 * The volume in which func mounts the forms. Nothing reads it. If func created the Service, `kubectl apply` keeps this volume, and
 * Knative refuses volumes that are not mounted.
 */
const funcVolumes = (volumes: Volume[]) =>
  volumes.some((volume) => 'configMaps' in volume)
    ? [{ name: 'config-map-forms-0', configMap: { name: 'forms-0', optional: true } }]
    : []

function toVolume(volume: Volume): object {
  const name = volumeName(volume)
  // Optional: without the Secret the function starts and reports what is missing.
  if ('secret' in volume) return { name, secret: { secretName: volume.secret, optional: true } }
  const sources = volume.configMaps.map((map) => ({ configMap: { name: map, optional: true } }))
  return { name, projected: { sources } }
}
