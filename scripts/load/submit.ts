import { Pool } from 'undici'

export interface LoadOptions {
  /** Address of the form to post to. */
  url: string
  /** Sent with each request. */
  headers?: Record<string, string>
  users: number
  /** Requests of each user, one after the other. */
  requests: number
  /** The answers in the n-th submission. */
  answers: (n: number) => unknown
  /** Called after each response. */
  onAnswer?: () => void
  /** Called after each 202. */
  onAcknowledged?: () => void
  /** Called by each user that has sent its requests: true for one more request. */
  goesOn?: () => Promise<boolean>
}

export interface LoadResult {
  sent: number
  /** Status to count; `none` counts requests without a response. */
  statuses: Record<string, number>
  /** Ids of the submissions that got 202. */
  acknowledged: string[]
  /** Latencies of the requests with a response, ms, ascending. */
  latencies: number[]
  seconds: number
  /** The longest time without a 202, ms. */
  longestStall: number
}

/** Sends submissions of several users at the same time. */
export async function submitAll(options: LoadOptions): Promise<LoadResult> {
  const { url, users, requests } = options
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: users, pipelining: 1 })
  const result: LoadResult = {
    sent: 0,
    statuses: {},
    acknowledged: [],
    latencies: [],
    seconds: 0,
    longestStall: 0,
  }
  const began = performance.now()
  let last = began
  const onAcknowledged = () => {
    options.onAcknowledged?.()
    const now = performance.now()
    result.longestStall = Math.max(result.longestStall, now - last)
    last = now
  }
  await Promise.all(
    Array.from({ length: users }, async () => {
      for (let n = 0; n < requests || (await options.goesOn?.()); n++)
        await submitOne(pool, pathname, { ...options, onAcknowledged }, result)
    }),
  )
  result.seconds = (performance.now() - began) / 1000
  result.latencies.sort((a, b) => a - b)
  await pool.destroy()
  return result
}

async function submitOne(
  pool: Pool,
  path: string,
  { answers, onAnswer, onAcknowledged, ...options }: LoadOptions & { onAcknowledged: () => void },
  result: LoadResult,
): Promise<void> {
  const body = JSON.stringify(answers(result.sent++))
  const began = performance.now()
  let status = 'none'
  try {
    const headers = { 'content-type': 'application/json', ...options.headers }
    const response = await pool.request({ method: 'POST', path, headers, body })
    const text = await response.body.text()
    status = String(response.statusCode)
    result.latencies.push(performance.now() - began)
    if (response.statusCode === 202) {
      result.acknowledged.push(JSON.parse(text).id)
      onAcknowledged()
    }
  } catch {
    // Without a response the submission is not acknowledged; it counts as `none`.
  }
  result.statuses[status] = (result.statuses[status] ?? 0) + 1
  onAnswer?.()
}

/** `share`: 0.5 for the median. NaN without values. */
export const percentile = (ascending: number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN
