// Submissions at a steady rate to an endpoint that may be killed meanwhile, with the order in which they began and were accepted.
import { setTimeout as delay } from 'node:timers/promises'
import { Pool } from 'undici'
import { student } from '../../scripts/load/students.ts'

/** By submission id: at which step of the run its answer came, and at which its request was sent. */
export type Accepted = Map<string, { began: number; accepted: number }>

export interface SteadyLoad {
  accepted: Accepted
  sent: () => number
  /** Resolves when the requests under way have ended. */
  end: () => Promise<void>
}

/** 100 submissions a second, which the tasks of a small machine can follow. */
const users = 10
/** Milliseconds from one request of a user to the next. */
const pace = 100

export function steadyLoad(url: string): SteadyLoad {
  const { origin, pathname: path } = new URL(url)
  const pool = new Pool(origin, { connections: users })
  const accepted: Accepted = new Map()
  let [sent, step, ended] = [0, 0, false]

  async function submit(): Promise<void> {
    const body = JSON.stringify(student(sent++))
    const began = step++
    const headers = { 'content-type': 'application/json' }
    const answer = await pool.request({ method: 'POST', path, headers, body })
    const { id } = (await answer.body.json()) as { id: string }
    if (answer.statusCode === 202) accepted.set(id, { began, accepted: step++ })
  }

  const user = async () => {
    while (!ended) {
      // Without an answer the submission is not acknowledged, and need not be stored.
      await Promise.all([submit().catch(() => {}), delay(pace)])
    }
  }
  const done = Promise.all(Array.from({ length: users }, user))
  return {
    accepted,
    sent: () => sent,
    async end() {
      ended = true
      await done
      await pool.destroy()
    },
  }
}
