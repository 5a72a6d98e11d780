// Prometheus metrics of the webhook task.
import { Counter, Gauge } from 'prom-client'

/** `gone`: answered 410. `skipped`: not tried, as it answered 410 before. */
export type Result = 'delivered' | 'failed' | 'refused' | 'unknown' | 'gone' | 'skipped'

const attempts = new Counter({
  name: 'formstream_webhook_attempts_total',
  help: 'Attempts to reach a target, by result; skipped: not tried, as it answered 410 before',
  labelNames: ['form', 'target', 'result'],
})

export const countAttempt = (form: string, target: string, result: Result): void =>
  attempts.inc({ form, target, result })

let readWaiting: () => Map<string, number> = () => new Map()

/** `read` is called whenever Prometheus collects: events by form and target. */
export function exposeWaiting(read: () => Map<string, number>): void {
  readWaiting = read
}

new Gauge({
  name: 'formstream_webhook_waiting',
  help: 'Events that wait in this process for a target that fails; no value for a target that works',
  labelNames: ['target'],
  collect() {
    this.reset()
    for (const [target, count] of readWaiting()) this.set({ target }, count)
  },
})
