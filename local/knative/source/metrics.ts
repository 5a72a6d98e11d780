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
      const known = await askAll(sources, (source) => source.lag(), wait)
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
    help: '1 while the task gets the events of its topic and its dead letters can be written, else 0; readiness says why',
    labelNames: ['task'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [task, source] of sources) this.set({ task }, source.problem() ? 0 : 1)
    },
  })
}

export function addLettersWaiting(
  registry: Registry,
  sources: ReadonlyMap<string, Pick<Source, 'lettersWaiting'>>,
): void {
  new Gauge({
    name: 'formstream_dead_letters_waiting',
    help: 'Dead letters of the task that cannot be written now; readiness says why',
    labelNames: ['task'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [task, source] of sources) this.set({ task }, source.lettersWaiting())
    },
  })
}

/** `wait`: milliseconds for a log that is away. */
export function addOldest(
  registry: Registry,
  sources: ReadonlyMap<string, Pick<Source, 'oldest'>>,
  { wait = patience, now = Date.now } = {},
): void {
  new Gauge({
    name: 'formstream_oldest_unsettled_seconds',
    help: 'How long ago the oldest event was appended that the task has yet to settle; none where there is none',
    labelNames: ['task'],
    registers: [registry],
    async collect() {
      const known = await askAll(sources, (source) => source.oldest(), wait)
      this.reset()
      for (const [task, time] of known) {
        if (time !== undefined) this.set({ task }, Math.max(0, now() - time) / 1000)
      }
    },
  })
}

/** What each says in time. */
function askAll<Asked>(
  sources: ReadonlyMap<string, Asked>,
  ask: (source: Asked) => Promise<number | undefined>,
  wait: number,
): Promise<(readonly [task: string, answer: number | undefined])[]> {
  const late = delay(wait, undefined, { ref: false })
  return Promise.all(
    [...sources].map(async ([task, source]) => {
      const answer = ask(source).catch(() => undefined)
      return [task, await Promise.race([answer, late])] as const
    }),
  )
}
