// One submission, end to end, and what the cluster must keep to: bindings, visibility, forms that change.
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { readRows } from '../../scripts/load/sheet.ts'
import { student } from '../../scripts/load/students.ts'
import { type Deployment, ingress, namespace } from './deployment.ts'
import { type Kube, kubectl } from './kube.ts'
import { readyPods } from './pods.ts'
import { receive } from './received.ts'

interface Container {
  env?: { name: string; value?: string }[]
}

interface Flow {
  status: number
  /** Milliseconds until the last task had published. */
  through: number
  rows: number
  /** K_SINK of each function. */
  sinks: Record<string, string | undefined>
  /** What a request from outside the cluster to a task is answered. */
  taskFromOutside: number
  /** The same for /metrics and /openapi.json, at the address that people use. */
  operatorsFromOutside: number[]
  /** And at the address of the endpoint's pod; 0 where no connection comes about. */
  metricsOfPod: number
  /** Seconds from a form's being applied to its being served. */
  newForm: number
}

export async function flow(deployment: Deployment): Promise<Flow> {
  const { kube, log, emulator, endpointHost } = deployment
  const rowsNow = () => readRows(emulator.url, 'student-data', 'Responses')
  const before = (await rowsNow()).length
  const received = await receive(log, ['forms.validated', 'forms.analyzed', 'forms.recorded'])
  const began = performance.now()
  const status = await post(endpointHost, '/student-data-form/', student(1))
  while (received.done() === 0) await delay(20)
  const through = Math.round(performance.now() - began)
  await received.close()
  const rows = (await rowsNow()).length - before
  const path = `/apis/serving.knative.dev/v1/namespaces/${namespace}/services`
  const { items } = await kube.get<{
    items: {
      metadata: { name: string }
      spec: { template: { spec: { containers: Container[] } } }
    }[]
  }>(path)
  const sinks = items.map(({ metadata, spec }) => {
    const env = spec.template.spec.containers[0]?.env ?? []
    return [metadata.name, env.find(({ name }) => name === 'K_SINK')?.value] as const
  })
  return {
    status,
    through,
    rows,
    sinks: Object.fromEntries(sinks),
    taskFromOutside: await post(`slang.${namespace}.rig.test`, '/', {}),
    operatorsFromOutside: [
      await get(ingress, '/metrics', endpointHost),
      await get(ingress, '/openapi.json', endpointHost),
    ],
    metricsOfPod: await metricsOfPod(kube),
    newForm: await newForm(endpointHost),
  }
}

/** As Prometheus reads them. */
async function metricsOfPod(kube: Kube): Promise<number> {
  const [pod] = await readyPods(kube, namespace, 'form-endpoint')
  const address = `${pod?.status.podIP}:9464`
  return get(`http://${address}`, '/metrics', address).catch((error) => {
    if (error.code === 'UND_ERR_CONNECT_TIMEOUT') return 0
    throw error
  })
}

async function get(origin: string, path: string, host: string): Promise<number> {
  const answer = await request(`${origin}${path}`, { headers: { host } })
  await answer.body.dump()
  return answer.statusCode
}

async function newForm(endpointHost: string): Promise<number> {
  const data = { 'added.yaml': 'title: Added\nfields:\n  name: { type: text }\n' }
  const began = performance.now()
  await kubectl('-n', namespace, 'patch', 'configmap', 'forms-0', '-p', JSON.stringify({ data }))
  while ((await post(endpointHost, '/forms/added', { name: 'Ann' })) !== 202) {
    await delay(500)
    if (performance.now() - began > 180_000) throw new Error('Expected the new form within 3 min')
  }
  return Math.round((performance.now() - began) / 1000)
}

async function post(host: string, path: string, answers: object): Promise<number> {
  const headers = { host, 'content-type': 'application/json' }
  const body = JSON.stringify(answers)
  const answer = await request(`${ingress}${path}`, { method: 'POST', headers, body })
  await answer.body.dump()
  return answer.statusCode
}
