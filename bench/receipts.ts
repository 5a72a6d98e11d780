// Receipts of 10,000 submissions to an `npm start`: whether each says what became of its submission, how long one takes, and whether
// the time of an answer tells anything to somebody without the token.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Pool } from 'undici'
import type { Receipt } from '../functions/form-endpoint/receipt/receipt.ts'
import { student } from '../scripts/load/students.ts'
import { percentile } from '../scripts/load/submit.ts'
import { type Running, startInstance } from '../test/instance.ts'
import { allHandled } from './parts/instance-load.ts'
import type { BenchOptions } from './parts/options.ts'
import { type Comparison, compareRanks } from './parts/rank-test.ts'

/** Of each kind. */
const tries = 10_000
const connections = 50
/** People who look at their receipts at the same time. */
const readers = 4

export default async function receipts({ count = 10_000 }: BenchOptions): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const instance = await startInstance(folder)
  const addresses = await submitAll(instance, count)
  await allHandled(instance)
  const found = await readAll(instance, addresses)
  const timing = await compareTimes(instance, addresses)
  await instance.stop()
  await rm(folder, { recursive: true })
  console.log(`  ${JSON.stringify({ found, timing })}`)
  return { count, readers, tries, found, timing }
}

/** Returns the address of each receipt. */
async function submitAll({ endpoint }: Running, count: number): Promise<string[]> {
  const pool = new Pool(endpoint, { connections })
  const addresses = await inTurn(connections, count, async (n) => {
    const { statusCode, headers, body } = await pool.request({
      method: 'POST',
      path: '/forms/student-data',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(student(n)),
    })
    await body.dump()
    if (statusCode !== 202) throw new Error(`Expected 202, found ${statusCode}`)
    return String(headers.location)
  })
  await pool.close()
  return addresses
}

interface Found {
  /** All steps are done, each row once. */
  right: number
  rows: number
  p50: number
  p95: number
  p99: number
}

async function readAll({ endpoint }: Running, addresses: string[]): Promise<Found> {
  const pool = new Pool(endpoint, { connections: readers })
  const rows = new Set<string>()
  const times: number[] = []
  let right = 0
  await inTurn(readers, addresses.length, async (n) => {
    const began = performance.now()
    const { body } = await pool.request({ method: 'GET', path: addresses[n] as string })
    const { id, status, steps } = (await body.json()) as Receipt
    times.push(performance.now() - began)
    const step = steps.find(({ state }) => state === 'recorded')
    if (step?.state === 'recorded') rows.add(`${step.tab} ${step.row}`)
    if (status === 'done' && addresses[n]?.includes(id)) right += 1
  })
  await pool.close()
  times.sort((a, b) => a - b)
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => percentile(times, part)) as [
    number,
    number,
    number,
  ]
  return { right, rows: rows.size, p50, p95, p99 }
}

/** Asks for receipts of different kinds in turn, each after the other. */
async function compareTimes(
  { endpoint }: Running,
  addresses: string[],
): Promise<Record<string, Comparison>> {
  const client = new Client(endpoint)
  const wrong = 'A'.repeat(43)
  const kinds = {
    right: (address: string) => address,
    wrong: (address: string) => address.replace(/=.*/, `=${wrong}`),
    almostRight: (address: string) => address.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
    noSubmission: () => `/submissions/${randomUUID()}?token=${wrong}`,
  }
  const times = { right: [], wrong: [], almostRight: [], noSubmission: [] } as Record<
    keyof typeof kinds,
    number[]
  >
  for (let n = -1000; n < tries; n++) {
    // In another order each time, so that none always follows the same one.
    for (const [kind, pathOf] of Object.entries(kinds).toSorted(() => Math.random() - 0.5)) {
      const address = pathOf(addresses[(n + 1000) % addresses.length] as string)
      // As one piece in memory: putting it together must not be part of the time.
      const path = Buffer.from(address).toString()
      const began = performance.now()
      const { body } = await client.request({ method: 'GET', path })
      await body.dump()
      // The first ones compile the code.
      if (n >= 0) times[kind as keyof typeof kinds].push(performance.now() - began)
    }
  }
  await client.close()
  return {
    'right against wrong token': compareRanks(times.right, times.wrong),
    'almost right against wrong token': compareRanks(times.almostRight, times.wrong),
    'wrong token of a submission against that of none': compareRanks(
      times.wrong,
      times.noSubmission,
    ),
  }
}

/** Calls `work` for 0 to `count` - 1, at most `atOnce` at the same time. */
async function inTurn<Value>(
  atOnce: number,
  count: number,
  work: (n: number) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = Array(count)
  let next = 0
  async function one(): Promise<void> {
    while (next < count) {
      const n = next++
      values[n] = await work(n)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return values
}
