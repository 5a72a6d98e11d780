import { collectDefaultMetrics, Registry } from 'prom-client'

/** A registry with memory, CPU and event loop of this process. */
export function processRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}
