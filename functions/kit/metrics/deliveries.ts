// Counts the deliveries to a task by outcome, and measures their time. A cold start does not wait for prom-client.
import { setTimeout as delay } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import type { FormEvent } from '#kafka/define-event.ts'
import type { Outcome } from '../deliver.ts'
import { Rejected, RetryLater } from '../errors.ts'
import type { Forms } from '../forms/load-forms.ts'

const labels = ['done', 'skipped', 'expired', 'rejected', 'retry_later', 'fault'] as const
type Label = (typeof labels)[number]

type Count = (outcome: Label, seconds: number) => void

type Deliver = (event: FormEvent) => Promise<Outcome>

export interface Deliveries {
  /** Wraps `deliver` so that each call is counted. */
  counted: (deliver: Deliver) => Deliver
  /** With the metrics of the process. */
  registry: () => Promise<Registry>
}

/** ms. Loading prom-client takes at least 12 ms, so it is loaded after the first deliveries or at the first read. */
const loadDelay = 2000

export function countDeliveries(task: string, forms: Pick<Forms, 'problems'>): Deliveries {
  const requested = Promise.withResolvers<void>()
  const later = delay(loadDelay, undefined, { ref: false })
  const opened = Promise.race([requested.promise, later]).then(() => open(task, forms))

  function record(outcome: Label, began: number): void {
    const seconds = (performance.now() - began) / 1000
    opened.then(({ count }) => count(outcome, seconds))
  }
  return {
    counted: (deliver) => async (event) => {
      const began = performance.now()
      try {
        const outcome = await deliver(event)
        record(outcome, began)
        return outcome
      } catch (error) {
        record(labelOf(error), began)
        throw error
      }
    },
    async registry() {
      requested.resolve()
      return (await opened).registry
    },
  }
}

function labelOf(error: unknown): Label {
  if (error instanceof Rejected) return 'rejected'
  return error instanceof RetryLater ? 'retry_later' : 'fault'
}

async function open(
  task: string,
  forms: Pick<Forms, 'problems'>,
): Promise<{ registry: Registry; count: Count }> {
  const { Counter, Histogram } = await import('prom-client')
  const { processRegistry } = await import('./process.ts')
  const { countWrongForms } = await import('./forms.ts')
  const registry = processRegistry()
  countWrongForms(registry, forms)
  const total = new Counter({
    name: 'formstream_deliveries_total',
    help: 'Deliveries to the task, by how they ended',
    labelNames: ['task', 'outcome'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'formstream_delivery_seconds',
    help: 'How long a delivery took that was not skipped or expired',
    labelNames: ['task'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  })
  // Without a zero at the start, rate() misses the first event.
  for (const outcome of labels) total.inc({ task, outcome }, 0)
  const count: Count = (outcome, seconds) => {
    total.inc({ task, outcome })
    if (outcome !== 'skipped' && outcome !== 'expired') duration.observe({ task }, seconds)
  }
  return { registry, count }
}
