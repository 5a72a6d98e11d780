// HTTP load on a form, from a process of its own, so that its CPU time is not that of the bench.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Load {
  /** Address of the form to post to. */
  url: string
  /** In place of the path of `url`, in turn. */
  paths?: string[]
  connections: number
  /** As an HTML form in place of JSON. */
  asForm?: boolean | undefined
  /** How long to send. */
  seconds?: number
  /** How many submissions to send. */
  amount?: number
}

export interface LoadResult {
  perSecond: number
  /** Latencies in ms. */
  p50: number
  p99: number
  mean: number
  /** Responses. */
  done: number
  /** Requests without a 2xx answer. */
  failed: number
  /** CPU time of the load generator for one response, in microseconds. */
  cpu: number
}

export async function runLoad(load: Load): Promise<LoadResult> {
  const child = fork(join(import.meta.dirname, 'load-program.ts'), [JSON.stringify(load)])
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`Expected the load to end with a result, found exit code ${code}`)
  })
  const [result] = await Promise.race([once(child, 'message'), exited])
  exited.catch(() => {})
  return result as LoadResult
}
