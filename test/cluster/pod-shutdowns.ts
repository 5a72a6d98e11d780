// Deletes pods while deliveries arrive. Each delivery must be answered, by the pod that shuts down or by its successor.
import { setTimeout as delay } from 'node:timers/promises'
import { openDeliveries } from './deliveries.ts'
import { type Deployment, namespace } from './deployment.ts'
import { readyPods } from './pods.ts'

interface PodShutdowns {
  pods: number
  deliveries: number
  /** Number of deliveries by status; `broken` counts connections that were reset. */
  answers: Record<string, number>
}

const task = 'slang'
const connections = 20

/** Deletes `count` pods, one after the other. */
export async function shutDownPods({ kube }: Deployment, count: number): Promise<PodShutdowns> {
  const deliveries = await openDeliveries(kube)
  const answers: Record<string, number> = {}
  let running = true
  async function post(): Promise<void> {
    while (running) {
      const status = String((await deliveries.deliver(task)) ?? 'broken')
      answers[status] = (answers[status] ?? 0) + 1
    }
  }
  const posting = Array.from({ length: connections }, post)
  const deleted = new Set<string>()
  while (deleted.size < count) {
    await delay(1000)
    const pods = await readyPods(kube, namespace, task)
    const next = pods.find(({ metadata }) => !deleted.has(metadata.name))
    if (!next) continue
    deleted.add(next.metadata.name)
    await kube.deletePod(`/api/v1/namespaces/${namespace}/pods/${next.metadata.name}`)
  }
  await delay(2000)
  running = false
  await Promise.all(posting)
  await deliveries.close()
  const total = Object.values(answers).reduce((sum, count) => sum + count, 0)
  return { pods: deleted.size, deliveries: total, answers }
}
