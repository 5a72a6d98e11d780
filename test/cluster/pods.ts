// Finds, counts and kills the pods of the functions.
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Kube } from './kube.ts'

interface Pod {
  metadata: {
    name: string
    uid: string
    labels: Record<string, string>
    deletionTimestamp?: string
  }
  status: { podIP?: string; conditions?: { type: string; status: string }[] }
}

/** Pods in any state, of one function or of all. */
async function podsOf(kube: Kube, namespace: string, name?: string): Promise<Pod[]> {
  const selector = encodeURIComponent(name ? `${service}=${name}` : service)
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`
  return (await kube.get<{ items: Pod[] }>(path)).items
}

/** Waits until a function has no pod. Pods that start or end count, because they would slow the next measurement down. */
export async function waitForNoPod(kube: Kube, namespace: string, name: string): Promise<void> {
  while ((await podsOf(kube, namespace, name)).length > 0) await delay(1000)
}

/** Pods that serve requests. */
export async function readyPods(kube: Kube, namespace: string, name?: string): Promise<Pod[]> {
  const pods = await podsOf(kube, namespace, name)
  return pods.filter(
    ({ metadata, status }) =>
      !metadata.deletionTimestamp &&
      status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  )
}

const service = 'serving.knative.dev/service'

/** Number of pods that serve requests, by function. */
export async function replicas(kube: Kube, namespace: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { metadata } of await readyPods(kube, namespace)) {
    const name = metadata.labels[service] ?? ''
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** Kills the function's process with SIGKILL: pods of the test cluster are processes of this machine. False when it has already ended. */
export function killPod({ metadata }: Pod): boolean {
  const uid = metadata.uid.replaceAll('-', '_')
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (!isFunction(pid, [metadata.uid, uid])) continue
    process.kill(Number(pid), 'SIGKILL')
    return true
  }
  return false
}

function isFunction(pid: string, uids: string[]): boolean {
  try {
    const inPod = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return uids.some((uid) => inPod.includes(uid)) && command.includes('index.js')
  } catch {
    // The process has ended.
    return false
  }
}
