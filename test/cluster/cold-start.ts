// Measures cold starts: one event for each task while it has no replica, several times, and the function's own share of the time.
import { openDeliveries } from './deliveries.ts'
import { type Deployment, namespace } from './deployment.ts'
import { kubectl } from './kube.ts'
import { readyPods, waitForNoPod } from './pods.ts'

interface ColdStart {
  task: string
  status: number | undefined
  /** Milliseconds from the event to its answer. */
  total: number
  /** Part of `total`: milliseconds from the start of the function's process until it listened. */
  functionStart: number
}

/** Validation comes last, because the event that it publishes starts the other two. */
const tasks = ['slang', 'sheets', 'validation']

export async function cold(
  deployment: Deployment,
  rounds: number,
  report: (start: ColdStart) => void,
): Promise<ColdStart[]> {
  const { kube } = deployment
  const deliveries = await openDeliveries(kube)
  const starts: ColdStart[] = []
  for (let round = 0; round < rounds; round++) {
    for (const task of tasks) {
      await waitForNoPod(kube, namespace, task)
      const began = performance.now()
      const status = await deliveries.deliver(task)
      const total = Math.round(performance.now() - began)
      const start = { task, status, total, functionStart: await loggedStartTime(deployment, task) }
      report(start)
      starts.push(start)
    }
  }
  await deliveries.close()
  return starts
}

/** The start-up time that the function logged when it listened, ms. */
async function loggedStartTime({ kube }: Deployment, task: string): Promise<number> {
  // Kubernetes marks the pod as ready a moment after the delivery was answered.
  let [pod] = await readyPods(kube, namespace, task)
  while (!pod) [pod] = await readyPods(kube, namespace, task)
  const logs = await kubectl('-n', namespace, 'logs', pod.metadata.name, 'user-container')
  const line = logs.split('\n').find((text) => text.includes('"listening"'))
  return line ? JSON.parse(line).ms : Number.NaN
}
