// One submission from end to end, and checks of the cluster: sink bindings, addresses that are closed to the outside, a new form.
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { readRows } from '../../scripts/load/sheet.ts'
import { student } from '../../scripts/load/students.ts'
import { collectEvents } from './collect-events.ts'
import { type Deployment, ingress, namespace } from './deployment.ts'
import { type Kube, kubectl } from './kube.ts'
import { readyPods } from './pods.ts'

interface Container {
  env?: { name: string; value?: string }[]
}

interface Flow {
  status: number
  /** Milliseconds from the submission until the last task had published. */
  through: number
  /** Rows that the submission added. */
  rows: number
  /** K_SINK of each function. */
  sinks: Record<string, string | undefined>
  /** Status of a request from outside the cluster to a task. */
  taskFromOutside: number
  /** Statuses of requests from outside to /metrics and /openapi.json of the endpoint. */
  operatorsFromOutside: number[]
  /** Status of a request from this machine to the metrics port of the endpoint's pod; 0 when there is no connection. */
  metricsOfPod: number
  /** Seconds from applying a new form until the endpoint served it. */
  newForm: number
}

export async function flow(deployment: Deployment): Promise<Flow> {
  const { kube, log, emulator, endpointHost } = deployment
  const rowsNow = () => readRows(emulator.url, 'student-data', 'Responses')
  const before = (await rowsNow()).length
  const events = await collectEvents(log, ['forms.validated', 'forms.analyzed', 'forms.recorded'])
  const began = performance.now()
  const status = await post(endpointHost, '/student-data-form/', student(1))
  while (events.done() === 0) await delay(20)
  const through = Math.round(performance.now() - began)
  await events.close()
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
    metricsOfPod: await getMetricsOfPod(kube),
    newForm: await addForm(endpointHost),
  }
}

/** Reads the metrics as Prometheus does, from the pod itself. */
async function getMetricsOfPod(kube: Kube): Promise<number> {
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

async function addForm(endpointHost: string): Promise<number> {
  const data = { 'added.yaml': 'title: Added\nfields:\n  name: { type: text }\n' }
  const began = performance.now()
  await kubectl('-n', namespace, 'patch', 'configmap', 'forms-0', '-p', JSON.stringify({ data }))
  while ((await post(endpointHost, '/forms/added', { name: 'Ann' })) !== 202) {
    await delay(500)
    if (performance.now() - began > 180_000)
      throw new Error('Expected the new form to be served within 3 minutes')
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
