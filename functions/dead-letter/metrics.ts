import { Counter, Gauge, type Registry } from 'prom-client'
import { processRegistry } from '#kit/metrics/process.ts'

export type CountLetter = (kind: 'event' | 'unreadable') => void

export function countLetters(): { registry: Registry; count: CountLetter } {
  const registry = processRegistry()
  const total = new Counter({
    name: 'formstream_dead_letters_total',
    help: 'Dead letters published, by whether the record could be read as an event',
    labelNames: ['kind'],
    registers: [registry],
  })
  // Without a zero at the start, rate() misses the first letter.
  total.inc({ kind: 'event' }, 0)
  total.inc({ kind: 'unreadable' }, 0)
  return { registry, count: (kind) => total.inc({ kind }) }
}

export function addWaiting(registry: Registry, waiting: () => number): void {
  new Gauge({
    name: 'formstream_dead_letters_waiting',
    help: 'Dead letters that cannot be written now; readiness says why',
    registers: [registry],
    collect() {
      this.set(waiting())
    },
  })
}
