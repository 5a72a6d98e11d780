// Pods that are told to end while deliveries come: each delivery has to be answered, by the one that ends or by the next.
import { setTimeout as delay } from 'node:timers/promises'
import { openDeliveries } from './deliveries.ts'
import { type Deployment, namespace } from './deployment.ts'
import { readyPods } from './pods.ts'

interface Ends {
  ends: number
  deliveries: number
  /** Status to how often; `broken` where a connection was reset. */
  answers: Record<string, number>
}

const task = 'slang'
const connections = 20

export async function ends({ kube }: Deployment, times: number): Promise<Ends> {
  const deliveries = await openDeliveries(kube)
  const answers: Record<string, number> = {}
  let going = true
  async function post(): Promise<void> {
    while (going) {
      const status = String((await deliveries.deliver(task)) ?? 'broken')
      answers[status] = (answers[status] ?? 0) + 1
    }
  }
  const posting = Array.from({ length: connections }, post)
  const seen = new Set<string>()
  while (seen.size < times) {
    await delay(1000)
    const pods = await readyPods(kube, namespace, task)
    const next = pods.find(({ metadata }) => !seen.has(metadata.name))
    if (!next) continue
    seen.add(next.metadata.name)
    await kube.deletePod(`/api/v1/namespaces/${namespace}/pods/${next.metadata.name}`)
  }
  await delay(2000)
  going = false
  await Promise.all(posting)
  await deliveries.close()
  const total = Object.values(answers).reduce((sum, count) => sum + count, 0)
  return { ends: seen.size, deliveries: total, answers }
}
