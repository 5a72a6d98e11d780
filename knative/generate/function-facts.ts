// What a cluster needs to know of each function: environment, volumes, scale, resources. From the task, and one small table.
import type * as z from 'zod'
import type { Task } from '#kit/define-task.ts'

/** Of a value, of a key of a Secret, or of all keys of a Secret. */
export type Variable =
  | ({ name: string } & ({ value: string } | { secret: string; key: string; optional?: boolean }))
  | { allOf: string }

/** A Secret, which may be missing, or the forms. */
export type Volume = { path: string; secret: string } | { path: string; configMaps: string[] }

export interface FunctionFacts {
  name: string
  /** The endpoint; tasks are reached from inside the cluster only. */
  public: boolean
  env: Variable[]
  volumes: Volume[]
  scale: {
    min: number
    max: number
    /** Deliveries at once in one replica: the most, and what is aimed at. */
    concurrency: number
    target: number
  }
  resources: Record<'requests' | 'limits', { cpu: string; memory: string }>
}

export const namespace = 'formstream'

/** Where the forms are mounted, of the ConfigMaps `forms-0` to `forms-15`. */
const formsDir = '/forms'
export const formsMaps: string[] = Array.from({ length: 16 }, (_, n) => `forms-${n}`)

const always: Variable[] = [
  { name: 'HOST', value: '0.0.0.0' },
  { name: 'LOG_LEVEL', value: 'info' },
  // Read at the address of a pod. Knative gives a Service one port, which is the one that people reach.
  { name: 'METRICS_PORT', value: '9464' },
]

/** Variables that come from a Secret which several tasks may share. Where it is missing, the task itself says so best. */
const shared = {
  REDIS_URL: { secret: 'redis', key: 'url', optional: true },
  DOOR_SECRET: { secret: 'door', key: 'secret', optional: true },
} satisfies Record<string, { secret: string; key: string; optional: boolean }>

const google = '/var/run/google'
const kafka = 'kafka'

/** What does not follow from a declaration. */
const table: Record<string, Partial<FunctionFacts>> = {
  'form-endpoint': {
    public: true,
    // The variables of docs/kafka.md; KAFKA_TLS_CA may name the key `ca.crt` of the same Secret as a file.
    env: [{ name: 'DOOR_SECRET', ...shared.DOOR_SECRET }, { allOf: kafka }],
    volumes: [{ path: '/var/run/kafka', secret: kafka }],
    scale: { min: 2, max: 20, concurrency: 500, target: 200 },
  },
  // What it does not take is lost, so one replica is always there.
  'dead-letter': { scale: { min: 1, max: 3, concurrency: 100, target: 50 } },
  sheets: {
    env: [{ name: 'GOOGLE_APPLICATION_CREDENTIALS', value: `${google}/key.json` }],
    volumes: [{ path: google, secret: 'google-credentials' }],
    // Google's quota is what bounds it, and all replicas share that.
    scale: { min: 0, max: 3, concurrency: 200, target: 100 },
  },
}

const ordinary: Pick<FunctionFacts, 'public' | 'scale' | 'resources'> = {
  public: false,
  // A KafkaSource has about a hundred deliveries of a task under way.
  scale: { min: 0, max: 10, concurrency: 100, target: 50 },
  // Little is asked for and a whole core may be taken: a start is all computing.
  resources: {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { cpu: '1', memory: '256Mi' },
  },
}

export const endpointFacts = (): FunctionFacts => withForms(facts('form-endpoint', []))

/** Where a KafkaSource sends what a task has refused. */
export const deadLetterFacts = (): FunctionFacts => facts('dead-letter', [])

export const taskFacts = ({ name, config }: Pick<Task, 'name' | 'config'>): FunctionFacts =>
  withForms(facts(name, variablesOf(name, config)))

function facts(name: string, required: Variable[]): FunctionFacts {
  const { env = [], volumes = [], ...own } = table[name] ?? {}
  return { name, ...ordinary, ...own, env: [...always, ...required, ...env], volumes }
}

const withForms = ({ env, volumes, ...others }: FunctionFacts): FunctionFacts => ({
  ...others,
  env: [{ name: 'FORMS_DIR', value: formsDir }, ...env],
  volumes: [{ path: formsDir, configMaps: formsMaps }, ...volumes],
})

/** What a task cannot start without comes from the Secret of its name, under the variable's own name. */
function variablesOf(name: string, config: z.ZodType): Variable[] {
  const shape = 'shape' in config ? (config.shape as Record<string, z.ZodType>) : {}
  return Object.entries(shape).flatMap(([variable, schema]) => {
    const source = variable in shared && shared[variable as keyof typeof shared]
    if (source) return { name: variable, ...source }
    if (schema.safeParse(undefined).success) return []
    return { name: variable, secret: name, key: variable }
  })
}
