// Each func.yaml has only fields of specVersion 0.36.0, and matches the declaration of its function.
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import * as z from 'zod'
import { findClusterTasks } from '#kit/find-tasks.ts'
import { deadLetterFacts, endpointFacts, taskFacts } from '../../knative/generate/function-facts.ts'
import { funcYaml } from './func-yaml.ts'

const quantity = z.string().regex(/^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/)
const reference = /^\{\{ (secret|configMap):[\w.-]+:[\w.-]+ \}\}$/
const named = z.strictObject({
  name: z.string().regex(/^[-._a-zA-Z][-._a-zA-Z0-9]*$/),
  value: z.string().refine((value) => !value.startsWith('{{') || reference.test(value)),
})
/** An entry without a name takes all keys of a Secret. */
const env = z.union([
  named,
  z.strictObject({ value: z.string().regex(/^\{\{ secret:[\w.-]+ \}\}$/) }),
])
const volume = z.union([
  z.strictObject({ path: z.string(), configMap: z.string() }),
  z.strictObject({ path: z.string(), secret: z.string() }),
])
const healthEndpoints = z.strictObject({ liveness: z.string(), readiness: z.string() })
const scale = z.strictObject({
  min: z.int().min(0),
  max: z.int().min(0),
  metric: z.enum(['concurrency', 'rps']),
  target: z.number().min(0.01),
})
const deploy = z.strictObject({
  labels: z.array(z.strictObject({ key: z.string(), value: z.string() })).optional(),
  options: z.strictObject({
    scale,
    resources: z.strictObject({
      requests: z.strictObject({ cpu: quantity, memory: quantity }),
      limits: z.strictObject({ cpu: quantity, memory: quantity, concurrency: z.int().min(0) }),
    }),
  }),
  healthEndpoints,
})
/** The part of func's schema that is used here; func refuses unknown fields. */
const schema = z.strictObject({
  specVersion: z.literal('0.36.0'),
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  runtime: z.literal('node'),
  namespace: z.string(),
  created: z.iso.datetime(),
  invoke: z.enum(['http', 'cloudevent']),
  build: z.strictObject({ builder: z.enum(['pack', 's2i']), buildEnvs: z.array(named) }),
  run: z.strictObject({ volumes: z.array(volume), envs: z.array(env) }),
  deploy,
})

const all = [endpointFacts(), deadLetterFacts(), ...(await findClusterTasks()).map(taskFacts)]
const read = (facts: (typeof all)[number]) => schema.parse(parse(funcYaml(facts)))

test.each(all.map((facts) => [facts.name, facts] as const))(
  '%s has a valid func.yaml',
  (name, facts) => {
    const { run, deploy, ...func } = read(facts)
    expect(func.name).toBe(name)
    expect(run.envs).toContainEqual({ name: 'HOST', value: '0.0.0.0' })
    const mounted = run.volumes.some(({ path }) => path === '/forms')
    const formsDir = run.envs.filter((one) => 'name' in one && one.name === 'FORMS_DIR')
    expect(formsDir).toEqual(mounted ? [{ name: 'FORMS_DIR', value: '/forms' }] : [])
    expect(mounted).toBe(name !== 'dead-letter')
    // func refuses two volumes on one path, and two variables of one name.
    const names = run.envs.flatMap((one) => ('name' in one ? [one.name] : []))
    for (const values of [run.volumes.map(({ path }) => path), names]) {
      expect(new Set(values).size).toBe(values.length)
    }
    const { scale, resources } = deploy.options
    expect(scale.target).toBeLessThanOrEqual(resources.limits.concurrency)
  },
)

test('only the endpoint is reached from outside; it and the dead-letter sink never scale to zero', () => {
  for (const facts of all) {
    const { deploy } = read(facts)
    const local = deploy.labels?.some(({ value }) => value === 'cluster-local') ?? false
    expect([facts.name, local]).toEqual([facts.name, facts.name !== 'form-endpoint'])
    const always = ['form-endpoint', 'dead-letter'].includes(facts.name)
    expect(deploy.options.scale.min > 0).toBe(always)
  }
})

test('a required setting without a default comes from a Secret by name, never by value', () => {
  const config = z.object({
    SMS_SECRET: z.string().min(16),
    RETRIES: z.coerce.number().default(3),
    PROXY: z.url().optional(),
    REDIS_URL: z.string().optional(),
  })
  const { run } = read(taskFacts({ name: 'sms', config }))
  expect(run.envs.slice(-2)).toEqual([
    { name: 'SMS_SECRET', value: '{{ secret:sms:SMS_SECRET }}' },
    { name: 'REDIS_URL', value: '{{ secret:redis:url }}' },
  ])
  expect(JSON.stringify(run.envs)).not.toContain('RETRIES')
})
