// Prometheus metrics of the sources, one value per task.
import { setTimeout as delay } from 'node:timers/promises'
import { Gauge, type Registry } from 'prom-client'
import type { Source } from './source.ts'

export type MeasuredSource = Pick<Source, 'lag' | 'oldest' | 'problem' | 'lettersWaiting'>

interface Options {
  /** Milliseconds to wait for the log, so that an outage does not block the other metrics. */
  timeout?: number
  now?: () => number
}

type Read = (source: MeasuredSource) => Promise<number | undefined>

export function addSourceMetrics(
  registry: Registry,
  sources: ReadonlyMap<string, MeasuredSource>,
  { timeout = 2000, now = Date.now }: Options = {},
): void {
  function addGauge(name: string, help: string, read: Read): void {
    new Gauge({
      name,
      help,
      labelNames: ['task'],
      registers: [registry],
      async collect() {
        const values = await readAll(sources, read, timeout)
        this.reset()
        for (const [task, value] of values) if (value !== undefined) this.set({ task }, value)
      },
    })
  }

  addGauge(
    'formstream_lag',
    'Events the task has not handled yet; absent while the log is unavailable',
    (source) => source.lag(),
  )
  addGauge(
    'formstream_consumer_up',
    '1 while the task receives events and its dead letters can be written, else 0; readiness has the reason',
    async (source) => (source.problem() ? 0 : 1),
  )
  addGauge(
    'formstream_dead_letters_waiting',
    'Dead letters of the task that cannot be written at present; readiness has the reason',
    async (source) => source.lettersWaiting(),
  )
  addGauge(
    'formstream_oldest_unsettled_seconds',
    'Age of the oldest event the task has not handled yet; absent if there is none',
    async (source) => {
      const appended = await source.oldest()
      return appended === undefined ? undefined : Math.max(0, now() - appended) / 1000
    },
  )
}

/** Values that fail or take longer than the timeout are undefined. */
function readAll(
  sources: ReadonlyMap<string, MeasuredSource>,
  read: Read,
  timeout: number,
): Promise<(readonly [task: string, value: number | undefined])[]> {
  const late = delay(timeout, undefined, { ref: false })
  return Promise.all(
    [...sources].map(async ([task, source]) => {
      const value = read(source).catch(() => undefined)
      return [task, await Promise.race([value, late])] as const
    }),
  )
}
