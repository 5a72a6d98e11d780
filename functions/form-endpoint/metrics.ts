import { Counter, Histogram, type Registry } from 'prom-client'
import type { Log } from '#kafka/log/port.ts'
import type { Form } from '#kit/forms/form.ts'

export interface SubmissionMetrics {
  /** Takes existing forms only, so that clients cannot create labels. */
  count: (form: Form, status: number | 'dropped') => void
  /** Counts each response to any request. */
  answered: (status: number) => void
  /** Wraps the log so that its appends are timed. */
  timed: (log: Log) => Pick<Log, 'append'>
  /** How long the last append took, ms. */
  appendTime: () => number
}

const outcomes: Record<number | string, string> = {
  dropped: 'dropped',
  202: 'accepted',
  401: 'unauthorized',
  403: 'forbidden',
  422: 'invalid',
  429: 'limited',
  503: 'unavailable',
  500: 'fault',
}

export function submissionMetrics(registry: Registry): SubmissionMetrics {
  const total = new Counter({
    name: 'formstream_submissions_total',
    help: 'Submissions to forms that exist, by how they were answered',
    labelNames: ['form', 'outcome'],
    registers: [registry],
  })
  const answers = new Counter({
    name: 'formstream_answers_total',
    help: 'Answers of the endpoint to requests, by status',
    labelNames: ['status'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'formstream_append_seconds',
    help: 'How long a submission that was accepted waited to be durable',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  /** Before the first append: as long as usual. */
  let appendTime = 5
  return {
    count: ({ id }, status) => total.inc({ form: id, outcome: outcomes[status] ?? 'malformed' }),
    answered: (status) => answers.inc({ status: String(status) }),
    timed: (log) => ({
      async append(topic, event) {
        const began = performance.now()
        await log.append(topic, event)
        appendTime = performance.now() - began
        duration.observe(appendTime / 1000)
      },
    }),
    appendTime: () => appendTime,
  }
}
