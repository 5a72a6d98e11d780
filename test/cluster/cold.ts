// From no replica to an answer: one event for each task, some times over, and how much of that the function itself took.
import { openDeliveries } from './deliveries.ts'
import { type Deployment, namespace } from './deployment.ts'
import { kubectl } from './kube.ts'
import { noPod, readyPods } from './pods.ts'

interface ColdStart {
  task: string
  status: number | undefined
  /** Milliseconds from the event to its answer; of these, from the process's start to listening. */
  total: number
  own: number
}

/** Validation last: what it publishes wakes the others. */
const tasks = ['slang', 'sheets', 'validation']

export async function cold(
  deployment: Deployment,
  rounds: number,
  say: (start: ColdStart) => void,
): Promise<ColdStart[]> {
  const { kube } = deployment
  const deliveries = await openDeliveries(kube)
  const starts: ColdStart[] = []
  for (let round = 0; round < rounds; round++) {
    for (const task of tasks) {
      await noPod(kube, namespace, task)
      const began = performance.now()
      const status = await deliveries.deliver(task)
      const total = Math.round(performance.now() - began)
      const start = { task, status, total, own: await ownStart(deployment, task) }
      say(start)
      starts.push(start)
    }
  }
  await deliveries.close()
  return starts
}

/** What the function logged once it listened. */
async function ownStart({ kube }: Deployment, task: string): Promise<number> {
  // The delivery was answered; that the pod is ready is known a moment later.
  let [pod] = await readyPods(kube, namespace, task)
  while (!pod) [pod] = await readyPods(kube, namespace, task)
  const logs = await kubectl('-n', namespace, 'logs', pod.metadata.name, 'user-container')
  const line = logs.split('\n').find((text) => text.includes('"listening"'))
  return line ? JSON.parse(line).ms : Number.NaN
}
