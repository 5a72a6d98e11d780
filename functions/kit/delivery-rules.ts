// How a KafkaSource delivers events: what is retried, how often, and how many deliveries run at once. The manifests contain these
// values, and the local source and the kit follow them.

export const rules = {
  /** 200 retries with a linear pause last for 5.6 hours. */
  retries: 200,
  /** The n-th retry follows after n times this many ms. */
  delay: 1000,
  /** ms until a delivery without an answer counts as failed. The handler may still run when the retry arrives. */
  timeout: 60_000,
  /** Deliveries in flight to one task for one form. For all forms together: twice as many. */
  inFlight: 100,
  /** Unacknowledged events of a task for one form, in flight or between retries. For all forms together: twice as many. */
  open: 500,
}

export type Rules = typeof rules

export type Verdict = 'done' | 'retry' | 'final'

/** `status`: of the answer; undefined if there was none. */
export function judge(status: number | undefined): Verdict {
  if (status === undefined || status >= 500) return 'retry'
  if (status < 300) return 'done'
  return [404, 408, 409, 429].includes(status) ? 'retry' : 'final'
}
