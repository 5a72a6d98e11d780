// How the deliveries to a task end and how long they take. A cold start does not wait for the Prometheus client.
import { setTimeout as delay } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import type { FormEvent } from '#kafka/define-event.ts'
import type { Done } from '../deliver.ts'
import { Rejected, RetryLater } from '../errors.ts'
import type { Forms } from '../forms/load-forms.ts'

const outcomes = ['done', 'skipped', 'rejected', 'retry_later', 'fault'] as const
type Outcome = (typeof outcomes)[number]

type Count = (outcome: Outcome, seconds: number) => void

export interface Deliveries {
  /** The same delivery, counted. */
  counted: (deliver: (event: FormEvent) => Promise<Done>) => (event: FormEvent) => Promise<void>
  /** With the metrics of the process. */
  registry: () => Promise<Registry>
}

/** Loading the client takes 12 ms at best: it waits until the first deliveries are through, or for a reader. */
const afterStart = 2000

export function countDeliveries(task: string, forms: Pick<Forms, 'problems'>): Deliveries {
  const asked = Promise.withResolvers<void>()
  const later = delay(afterStart, undefined, { ref: false })
  const opened = Promise.race([asked.promise, later]).then(() => open(task, forms))

  function note(outcome: Outcome, began: number): void {
    const seconds = (performance.now() - began) / 1000
    opened.then(({ count }) => count(outcome, seconds))
  }
  return {
    counted: (deliver) => async (event) => {
      const began = performance.now()
      try {
        note(await deliver(event), began)
      } catch (error) {
        note(outcomeOf(error), began)
        throw error
      }
    },
    async registry() {
      asked.resolve()
      return (await opened).registry
    },
  }
}

function outcomeOf(error: unknown): Outcome {
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
    help: 'How long a delivery took that was not skipped',
    labelNames: ['task'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  })
  // A rate needs the zero that it rose from.
  for (const outcome of outcomes) total.inc({ task, outcome }, 0)
  const count: Count = (outcome, seconds) => {
    total.inc({ task, outcome })
    if (outcome !== 'skipped') duration.observe({ task }, seconds)
  }
  return { registry, count }
}
