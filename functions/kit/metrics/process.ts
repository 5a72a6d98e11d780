// What a process tells Prometheus of itself; others add what they count.
import { collectDefaultMetrics, Registry } from 'prom-client'

export function processRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}
