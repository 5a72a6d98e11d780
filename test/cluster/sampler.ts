// Looks at the cluster once a second: replicas, progress, and how long submissions take through the pipeline.
import { setTimeout as delay } from 'node:timers/promises'
import { percentile } from '../../scripts/load/submit.ts'
import { type Deployment, namespace } from './deployment.ts'
import { replicas } from './pods.ts'
import type { Received } from './received.ts'

export interface Sample {
  /** Since the first one. */
  seconds: number
  /** That serve, by function. */
  replicas: Record<string, number>
  /** Submissions answered, and submissions that reached the end of the pipeline, until then. */
  answered: number
  done: number
  /** Milliseconds from submission to the end of the pipeline, of those that arrived since the last sample. */
  p50?: number
  p99?: number
}

export interface Sampler {
  samples: Sample[]
  stop: () => Promise<void>
}

export function startSampler(
  { kube }: Deployment,
  received: Received,
  answered: () => number,
): Sampler {
  const samples: Sample[] = []
  const began = performance.now()
  let going = true
  async function sample(): Promise<void> {
    while (going) {
      const counts = await replicas(kube, namespace)
      const latencies = received.takeLatencies().sort((a, b) => a - b)
      samples.push({
        seconds: Math.round((performance.now() - began) / 100) / 10,
        replicas: counts,
        answered: answered(),
        done: received.done(),
        ...(latencies.length > 0 && {
          p50: percentile(latencies, 0.5),
          p99: percentile(latencies, 0.99),
        }),
      })
      await delay(1000)
    }
  }
  const sampling = sample()
  return {
    samples,
    async stop() {
      going = false
      await sampling
    },
  }
}
