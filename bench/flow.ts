// The whole of `npm start`, from POST to row and analysis: submissions per second, and the time of each.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import { connectInstance } from '../local/knative/control/instance-client.ts'
import { student } from '../scripts/load/students.ts'
import { percentile, submitAll } from '../scripts/load/submit.ts'
import { type Running, startInstance } from '../test/instance.ts'
import { memoryOf } from './parts/child-process.ts'
import { show, spread } from './parts/spread.ts'

const rounds = 3
const submissions = 10_000
/** Submissions per second, and seconds, for measuring the time of each. */
const [rate, seconds] = [1000, 10]

export default async function flow(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const instance = await startInstance(folder)
  // Starts and warms up the functions.
  await submitAtOnce(instance, 2000)

  const perSecond: number[] = []
  const p99: number[] = []
  for (let n = 0; n < rounds; n++) {
    perSecond.push(await submitAtOnce(instance, submissions))
    const delays = await submitAtRate(instance)
    p99.push(percentile(delays, 0.99))
    console.log(
      `  round ${n + 1}  ${perSecond.at(-1)?.toFixed(0)}/s;  at ${rate}/s from 202 to row: ` +
        `p50 ${percentile(delays, 0.5).toFixed(0)} ms, p99 ${percentile(delays, 0.99).toFixed(0)} ms`,
    )
  }
  const memory = await memoryByProcess(instance)
  await instance.stop()
  await rm(folder, { recursive: true })
  const result = { submissions, perSecond: spread(perSecond), rate, p99: spread(p99), memory }
  console.log(`  POST to row and analysis ${show(result.perSecond, '/s')} (goal 1000)`)
  console.log(`  202 to row at ${rate}/s, p99 ${show(result.p99, ' ms')} (goal 2000)`)
  console.log(`  memory (MB) ${JSON.stringify(memory)}`)
  return result
}

/** Records when the event of each submission arrives on a topic. */
class Arrivals {
  /** Keyed by submission id. */
  times = new Map<string, number>()
  #closing = new AbortController()

  constructor(instance: Running, topic: string) {
    this.#read(instance, topic).catch((error) => {
      if (!this.#closing.signal.aborted) throw error
    })
  }

  async #read(instance: Running, topic: string): Promise<void> {
    const { signal } = this.#closing
    for await (const line of connectInstance(instance).watch(topic, { signal })) {
      const subject = /"subject":"([^"]+)"/.exec(line)?.[1] as string
      if (!this.times.has(subject)) this.times.set(subject, performance.now())
    }
  }

  close(): void {
    this.#closing.abort()
  }

  async all(ids: string[]): Promise<void> {
    while (!ids.every((id) => this.times.has(id))) await delay(20)
  }
}

/** Submits as fast as 100 users can. Returns submissions per second until all tasks have handled all of them. */
async function submitAtOnce(instance: Running, count: number): Promise<number> {
  const began = performance.now()
  const url = `${instance.endpoint}/forms/student-data`
  const requests = count / 100
  const { acknowledged } = await submitAll({ url, users: 100, requests, answers: student })
  if (acknowledged.length !== count) {
    throw new Error(`Expected ${count} × 202, found ${acknowledged.length}`)
  }
  // Asked twice: an event that one task has handled may be new to the next one.
  while ((await lag(instance)) + (await lag(instance)) > 0) await delay(50)
  return count / ((performance.now() - began) / 1000)
}

/** Number of events that tasks have not handled. */
async function lag(instance: Running): Promise<number> {
  const lags = await connectInstance(instance).lag()
  return Object.values(lags).reduce((sum, events) => sum + events, 0)
}

/** Submits at a steady rate. Returns the milliseconds from each 202 to its row, ascending. */
async function submitAtRate(instance: Running): Promise<number[]> {
  const rows = new Arrivals(instance, 'forms.recorded')
  const pool = new Pool(instance.endpoint, { connections: 100 })
  const accepted = new Map<string, number>()
  const sent: Promise<void>[] = []
  const began = performance.now()
  for (let n = 0; n < rate * seconds; n++) {
    const ahead = (n / rate) * 1000 - (performance.now() - began)
    if (ahead > 1) await delay(ahead)
    sent.push(submitOne(pool, n, accepted))
  }
  await Promise.all(sent)
  await rows.all([...accepted.keys()])
  await pool.close()
  rows.close()
  const delays = [...accepted].map(([id, time]) => (rows.times.get(id) as number) - time)
  return delays.sort((a, b) => a - b)
}

async function submitOne(pool: Pool, n: number, accepted: Map<string, number>): Promise<void> {
  const answer = await pool.request({
    method: 'POST',
    path: '/forms/student-data',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(student(n)),
  })
  const { id } = (await answer.body.json()) as { id: string }
  accepted.set(id, performance.now())
}

async function memoryByProcess(instance: Running): Promise<Record<string, unknown>> {
  const functions = await connectInstance(instance).functions()
  const processes = { 'npm start': instance.pid, ...functions }
  const measured = Object.entries(processes).map(async ([name, pid]) => [name, await memoryOf(pid)])
  return Object.fromEntries(await Promise.all(measured))
}
