// The load: users at once, each sending one request after the other, and what they were answered.
import { Pool } from 'undici'

export interface LoadOptions {
  /** Address of the form to post to. */
  url: string
  /** Sent with each request. */
  headers?: Record<string, string>
  users: number
  /** Requests of each user. */
  requests: number
  /** The answers of the n-th submission. */
  answers: (n: number) => unknown
  /** Called after each answer. */
  onAnswer?: () => void
  /** Called after each 202. */
  onAcknowledged?: () => void
  /** Asked by each user that has sent its requests; as long as it says so, the user sends one more. */
  goesOn?: () => Promise<boolean>
}

export interface LoadResult {
  sent: number
  /** Status to how often; `none` where there was no answer. */
  statuses: Record<string, number>
  /** The ids of all that was answered with 202. */
  acknowledged: string[]
  /** Milliseconds of each answered request, ascending. */
  latencies: number[]
  seconds: number
  /** Milliseconds of the longest time without a 202. */
  longestStall: number
}

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
  { answers, onAnswer, onAcknowledged, ...given }: LoadOptions & { onAcknowledged: () => void },
  result: LoadResult,
): Promise<void> {
  const body = JSON.stringify(answers(result.sent++))
  const began = performance.now()
  let status = 'none'
  try {
    const headers = { 'content-type': 'application/json', ...given.headers }
    const answer = await pool.request({ method: 'POST', path, headers, body })
    const text = await answer.body.text()
    status = String(answer.statusCode)
    result.latencies.push(performance.now() - began)
    if (answer.statusCode === 202) {
      result.acknowledged.push(JSON.parse(text).id)
      onAcknowledged()
    }
  } catch {
    // No answer: not acknowledged. It is counted as `none`.
  }
  result.statuses[status] = (result.statuses[status] ?? 0) + 1
  onAnswer?.()
}

export const percentile = (ascending: number[], share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? Number.NaN
