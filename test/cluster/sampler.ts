// Samples the cluster once a second: replicas, progress, and the latency of submissions through the pipeline.
import { setTimeout as delay } from 'node:timers/promises'
import { percentile } from '../../scripts/load/submit.ts'
import type { CollectedEvents } from './collect-events.ts'
import { type Deployment, namespace } from './deployment.ts'
import { replicas } from './pods.ts'

export interface Sample {
  /** Since the start. */
  seconds: number
  /** Ready pods by function. */
  replicas: Record<string, number>
  /** Submissions answered so far. */
  answered: number
  /** Submissions that have reached the end of the pipeline so far. */
  done: number
  /** Milliseconds from submission to the end of the pipeline, of the submissions completed since the last sample. */
  p50?: number
  p99?: number
}

export interface Sampler {
  samples: Sample[]
  stop: () => Promise<void>
}

export function startSampler(
  { kube }: Deployment,
  events: CollectedEvents,
  answered: () => number,
): Sampler {
  const samples: Sample[] = []
  const began = performance.now()
  let running = true
  async function sample(): Promise<void> {
    while (running) {
      const counts = await replicas(kube, namespace)
      const latencies = events.takeLatencies().sort((a, b) => a - b)
      samples.push({
        seconds: Math.round((performance.now() - began) / 100) / 10,
        replicas: counts,
        answered: answered(),
        done: events.done(),
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
      running = false
      await sampling
    },
  }
}
