// The delivery rules of a KafkaSource, as the manifests write them out: what is retried, how often, and when it is given up.

export const rules = {
  /** Linear: the n-th retry comes n times `delay` later. 200 of them outlast an outage of 5.6 hours. */
  retries: 200,
  delay: 1000,
  /** What has no answer by then counts as failed; the handler may still run while the retry arrives. */
  timeout: 60_000,
  /** Deliveries of one form under way to one task at once; of all forms together twice as many. */
  inFlight: 100,
  /** Events of one form that a task has yet to settle, under way or between two tries; of all forms together twice as many. */
  open: 500,
}

export type Rules = typeof rules

export type Verdict = 'done' | 'retry' | 'final'

/** No status at all (no answer, a broken connection) is `undefined`. */
export function judge(status: number | undefined): Verdict {
  if (status === undefined || status >= 500) return 'retry'
  if (status < 300) return 'done'
  return [404, 408, 409, 429].includes(status) ? 'retry' : 'final'
}
