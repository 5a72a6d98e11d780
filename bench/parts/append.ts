// Appends to Kafka from a process of its own.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Appends {
  brokers: string
  /** Each appends one event after the other. */
  callers: number
  seconds: number
}

export interface AppendsResult {
  perSecond: number
  /** Time of an append, in ms. */
  p50: number
  p99: number
  done: number
  /** CPU time of one append, in microseconds. */
  cpu: number
}

export async function runAppends(appends: Appends): Promise<AppendsResult> {
  const child = fork(join(import.meta.dirname, 'append-program.ts'), [JSON.stringify(appends)])
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`Expected the appends to end with a result, found exit code ${code}`)
  })
  const [result] = await Promise.race([once(child, 'message'), exited])
  exited.catch(() => {})
  return result as AppendsResult
}
