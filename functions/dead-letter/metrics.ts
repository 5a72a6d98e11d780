// What Prometheus reads of the dead letters: one that comes is a reason to look.
import { Counter, Gauge, type Registry } from 'prom-client'
import { processRegistry } from '#kit/metrics/process.ts'

export type Count = (kind: 'event' | 'unreadable') => void

export function countLetters(): { registry: Registry; count: Count } {
  const registry = processRegistry()
  const total = new Counter({
    name: 'formstream_dead_letters_total',
    help: 'Dead letters published, by whether the record could be read as an event',
    labelNames: ['kind'],
    registers: [registry],
  })
  // A rate needs the zero that it rose from.
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
