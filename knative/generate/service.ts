// The Knative Service of a function: one container that starts from nothing, and writes nothing to its disk.
import { rules } from '#kit/delivery-rules.ts'
import type { FunctionFacts, Variable, Volume } from './function-facts.ts'
import { metadataOf, type Resource, serving } from './resource.ts'

/** Seconds that a replica stays after its last delivery: the next one need not wait for a start. */
const retention = '60s'

export function service(facts: FunctionFacts): Resource {
  const { name, scale } = facts
  return {
    apiVersion: serving,
    kind: 'Service',
    metadata: {
      ...metadataOf(name),
      labels: {
        // Who deploys with func leaves these out: kubectl apply -l app.kubernetes.io/component!=function
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
              'autoscaling.knative.dev/scale-to-zero-pod-retention-period': retention,
            }),
          },
        },
        spec: {
          containerConcurrency: scale.concurrency,
          // As long as the source waits. It is the time that a replica has to end, too.
          timeoutSeconds: rules.timeout / 1000,
          enableServiceLinks: false,
          automountServiceAccountToken: false,
          containers: [container(facts)],
          volumes: [...facts.volumes.map(toVolume), ...funcsVolumes(facts.volumes)],
        },
      },
    },
  }
}

const container = ({ name, env, volumes, resources }: FunctionFacts): object => ({
  // An overlay puts its registry and tag.
  image: `registry/formstream/${name}:tag`,
  ports: [{ containerPort: 8080 }],
  env: env.filter((variable) => 'name' in variable).map(toEnv),
  ...envFrom(env),
  resources,
  // Without a period Knative looks every 50 ms until the first success.
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
    ...funcsVolumes(volumes).map(({ name }) => mount(name, '/var/run/forms-0')),
  ],
})

function toEnv(variable: Exclude<Variable, { allOf: string }>): object {
  const { name } = variable
  if ('value' in variable) return { name, value: variable.value }
  const { secret, key, optional } = variable
  return { name, valueFrom: { secretKeyRef: { name: secret, key, ...(optional && { optional }) } } }
}

function envFrom(env: Variable[]): object {
  const secrets = env.flatMap((variable) => ('allOf' in variable ? [variable.allOf] : []))
  if (secrets.length === 0) return {}
  return { envFrom: secrets.map((name) => ({ secretRef: { name } })) }
}

const mount = (name: string, mountPath: string): object => ({ name, mountPath, readOnly: true })

/** Those of Secrets as func calls them: two volumes of one Secret would both have to be mounted. */
const volumeName = (volume: Volume): string =>
  'secret' in volume ? `secret-${volume.secret}` : 'forms'

/**
 * The forms as func mounts them. Where func has made the Service, `kubectl apply` keeps that volume beside its own, and Knative
 * refuses a volume that is not mounted. Nothing reads it.
 */
const funcsVolumes = (volumes: Volume[]) =>
  volumes.some((volume) => 'configMaps' in volume)
    ? [{ name: 'config-map-forms-0', configMap: { name: 'forms-0', optional: true } }]
    : []

function toVolume(volume: Volume): object {
  const name = volumeName(volume)
  // The function starts without it, and says what it lacks.
  if ('secret' in volume) return { name, secret: { secretName: volume.secret, optional: true } }
  const sources = volume.configMaps.map((map) => ({ configMap: { name: map, optional: true } }))
  return { name, projected: { sources } }
}
