// How far each task is behind and whether events come to it, for Prometheus.
import { setTimeout as delay } from 'node:timers/promises'
import { Gauge, type Registry } from 'prom-client'
import type { Source } from './source.ts'

/** A log that is away must not keep the other metrics from being read. */
const patience = 2000

export function addLag(
  registry: Registry,
  sources: ReadonlyMap<string, Pick<Source, 'lag'>>,
  wait = patience,
): void {
  new Gauge({
    name: 'formstream_lag',
    help: 'Events that the task has yet to settle; none while the log does not say',
    labelNames: ['task'],
    registers: [registry],
    async collect() {
      const late = delay(wait, undefined, { ref: false })
      const lags = [...sources].map(async ([task, source]) => {
        const lag = source.lag().catch(() => undefined)
        return [task, await Promise.race([lag, late])] as const
      })
      const known = await Promise.all(lags)
      this.reset()
      for (const [task, lag] of known) if (lag !== undefined) this.set({ task }, lag)
    },
  })
}

export function addConsumerUp(
  registry: Registry,
  sources: ReadonlyMap<string, Pick<Source, 'problem'>>,
): void {
  new Gauge({
    name: 'formstream_consumer_up',
    help: '1 while the task gets the events of its topic, 0 while it does not; readiness says why',
    labelNames: ['task'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [task, source] of sources) this.set({ task }, source.problem() ? 0 : 1)
    },
  })
}
