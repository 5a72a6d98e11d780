// Load on a whole `npm start`: submissions as fast as it takes them, and submissions at a steady rate.
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import { student } from '../../scripts/load/students.ts'
import type { Running } from '../../test/instance.ts'
import { type LoadResult, runLoad } from './load.ts'

export const formOf = ({ endpoint }: Running): string => `${endpoint}/forms/student-data`

/** Submits from 100 connections. Resolves when all tasks have handled all submissions; rejects unless each got a 202. */
export async function submitAtOnce(instance: Running, amount: number): Promise<LoadResult> {
  const result = await runLoad({
    url: formOf(instance),
    connections: Math.min(100, amount),
    amount,
  })
  if (result.failed > 0) throw new Error(`Expected ${amount} × 202, found ${result.failed} others`)
  await allHandled(instance)
  return result
}

/** Asks twice: an event that one task has handled may be new to the next one. */
export async function allHandled(instance: Running): Promise<void> {
  while ((await lag(instance)) + (await lag(instance)) > 0) await delay(100)
}

/** Number of events that tasks have not handled. */
export async function lag(instance: Running): Promise<number> {
  const lags = await connectInstance(instance).lag()
  return Object.values(lags).reduce((sum, events) => sum + events, 0)
}

export interface Accepted {
  id: string
  /** When the 202 arrived, and how long it took, in ms. */
  at: number
  took: number
}

/** Submits at a steady rate, from at most `connections`. */
export async function submitAtRate(
  instance: Running,
  { rate, seconds, connections }: { rate: number; seconds: number; connections: number },
): Promise<Accepted[]> {
  const pool = new Pool(instance.endpoint, { connections })
  const sent: Promise<Accepted>[] = []
  const began = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const ahead = (n / rate) * 1000 - (performance.now() - began)
    if (ahead > 1) await delay(ahead)
    sent.push(submitOne(pool, n))
  }
  const accepted = await Promise.all(sent)
  await pool.close()
  return accepted
}

async function submitOne(pool: Pool, n: number): Promise<Accepted> {
  const began = performance.now()
  const answer = await pool.request({
    method: 'POST',
    path: '/forms/student-data',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(student(n)),
  })
  const { id } = (await answer.body.json()) as { id: string }
  const at = performance.now()
  return { id, at, took: at - began }
}
