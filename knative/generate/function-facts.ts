// The needs of each function in a cluster: environment, volumes, scale, resources. They are derived from the task's declaration and
// one table of exceptions, and used by the manifests, by func.yaml and by `npm run size`.
import type * as z from 'zod'
import type { Task } from '#kit/define-task.ts'

/** Environment from a value, from a key of a Secret, or from all keys of a Secret. Optional: the Secret may be missing. */
export type Variable =
  | ({ name: string } & ({ value: string } | { secret: string; key: string; optional?: boolean }))
  | { allOf: string; optional?: boolean }

/** A Secret, or the forms. The Secret may be missing. */
export type Volume = { path: string; secret: string } | { path: string; configMaps: string[] }

export interface FunctionFacts {
  name: string
  /** True for the form endpoint. All others can be reached from inside the cluster only. */
  public: boolean
  env: Variable[]
  volumes: Volume[]
  scale: {
    /** Replicas. */
    min: number
    max: number
    /** Maximum number of simultaneous requests to one replica. */
    concurrency: number
    /** Simultaneous requests per replica that the autoscaler aims at. */
    target: number
  }
  resources: Record<'requests' | 'limits', { cpu: string; memory: string }>
}

export const namespace = 'formstream'

/** Mount path of the forms. */
const formsDir = '/forms'
export const formsMaps: string[] = Array.from({ length: 16 }, (_, n) => `forms-${n}`)

const commonVariables: Variable[] = [
  { name: 'HOST', value: '0.0.0.0' },
  { name: 'LOG_LEVEL', value: 'info' },
  // A port of its own, because the only port of a Knative Service is public. Prometheus scrapes the pods.
  { name: 'METRICS_PORT', value: '9464' },
]

/** Variables from Secrets that several tasks share. Optional: without the Secret, the task itself reports what is missing. */
const sharedSecrets = {
  REDIS_URL: { secret: 'redis', key: 'url', optional: true },
  DOOR_SECRET: { secret: 'door', key: 'secret', optional: true },
} satisfies Record<string, { secret: string; key: string; optional: boolean }>

const googlePath = '/var/run/google'
const kafkaSecret = 'kafka'
const keysPath = '/var/run/api-keys'

const defaults: Pick<FunctionFacts, 'public' | 'scale' | 'resources'> = {
  public: false,
  // A KafkaSource has about a hundred deliveries to a task in flight.
  scale: { min: 0, max: 10, concurrency: 100, target: 50 },
  // A small request and a limit of one core, because a start is CPU-bound.
  resources: {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { cpu: '1', memory: '256Mi' },
  },
}

/** Overrides of the defaults, and variables and volumes that do not follow from a declaration. */
const exceptions: Record<string, Partial<FunctionFacts>> = {
  'form-endpoint': {
    public: true,
    // The Kafka variables of docs/kafka.md. KAFKA_TLS_CA may name the key `ca.crt` of the same Secret as a file.
    env: [
      { name: 'DOOR_SECRET', ...sharedSecrets.DOOR_SECRET },
      { name: 'FORM_SECRET', secret: 'form', key: 'secret', optional: true },
      { name: 'REDIS_URL', ...sharedSecrets.REDIS_URL },
      { name: 'API_KEYS_FILE', value: `${keysPath}/keys.yaml` },
      { allOf: kafkaSecret },
      // Secrets of captcha providers and the other settings of docs/protection.md, for forms that need them.
      { allOf: 'protection', optional: true },
    ],
    volumes: [
      { path: '/var/run/kafka', secret: kafkaSecret },
      { path: keysPath, secret: 'api-keys' },
    ],
    scale: { min: 2, max: 20, concurrency: 500, target: 200 },
  },
  // One replica always runs, because dead letters it does not accept are lost.
  'dead-letter': { scale: { min: 1, max: 3, concurrency: 100, target: 50 } },
  confirmation: {
    // SMTP_URL, SMTP_FROM and the DKIM settings (docs/confirmation.md).
    env: [{ allOf: 'confirmation', optional: true }],
    // Mail servers want few connections of a client, and a replica opens five.
    scale: { min: 0, max: 3, concurrency: 100, target: 50 },
  },
  sheets: {
    env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: `${googlePath}/key.json` }],
    volumes: [{ path: googlePath, secret: 'google-credentials' }],
    // Limited by Google's quota, which all replicas share.
    scale: { min: 0, max: 3, concurrency: 200, target: 100 },
  },
  // WEBHOOK_SECRETS, and the other settings of docs/webhooks.md if they are needed.
  webhook: { env: [{ allOf: 'webhook', optional: true }] },
}

export const endpointFacts = (): FunctionFacts => withForms(facts('form-endpoint', []))

/** The function that receives the dead letters of every KafkaSource. */
export const deadLetterFacts = (): FunctionFacts => facts('dead-letter', [])

export const taskFacts = ({ name, config }: Pick<Task, 'name' | 'config'>): FunctionFacts =>
  withForms(facts(name, configVariables(name, config)))

function facts(name: string, config: Variable[]): FunctionFacts {
  const { env = [], volumes = [], ...overrides } = exceptions[name] ?? {}
  return { name, ...defaults, ...overrides, env: [...commonVariables, ...config, ...env], volumes }
}

const withForms = ({ env, volumes, ...others }: FunctionFacts): FunctionFacts => ({
  ...others,
  env: [{ name: 'FORMS_DIR', value: formsDir }, ...env],
  volumes: [{ path: formsDir, configMaps: formsMaps }, ...volumes],
})

/** Variables that a task's config requires come from the Secret with the task's name, under the variable's name. */
function configVariables(task: string, config: z.ZodType): Variable[] {
  const shape = 'shape' in config ? (config.shape as Record<string, z.ZodType>) : {}
  return Object.entries(shape).flatMap(([name, schema]) => {
    const shared = name in sharedSecrets && sharedSecrets[name as keyof typeof sharedSecrets]
    if (shared) return { name, ...shared }
    const isOptional = schema.safeParse(undefined).success
    return isOptional ? [] : { name, secret: task, key: name }
  })
}
