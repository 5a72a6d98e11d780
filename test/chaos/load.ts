// The load that a fault falls into. It goes on, slowly, for as long as the fault does.
import { setTimeout as delay } from 'node:timers/promises'
import { student } from '../../scripts/load/students.ts'
import { type LoadResult, submitAll } from '../../scripts/load/submit.ts'

export interface Load {
  /** Resolves when so many submissions have been acknowledged. */
  after: (acknowledged: number) => Promise<void>
  /** So far. */
  counts: () => { sent: number; acknowledged: number }
  /** Lets it come to its end: each user has sent all its requests, or what it began after them. */
  end: () => Promise<LoadResult>
}

/** Milliseconds between the requests of one user who has sent as many as it had to. */
const pace = 1000

export function startLoad(url: string, users: number, requests: number): Load {
  const counts = { sent: 0, acknowledged: 0 }
  const waiting: { from: number; resolve: () => void }[] = []
  const ending = new AbortController()
  const done = submitAll({
    url,
    users,
    requests,
    answers: (n) => {
      counts.sent = n + 1
      return student(n)
    },
    onAcknowledged: () => {
      counts.acknowledged += 1
      for (const { from, resolve } of waiting) if (counts.acknowledged >= from) resolve()
    },
    goesOn: async () => {
      await delay(pace, undefined, { signal: ending.signal }).catch(() => {})
      return !ending.signal.aborted
    },
  })
  return {
    after: (from) =>
      new Promise((resolve) => {
        if (counts.acknowledged >= from) resolve()
        else waiting.push({ from, resolve })
      }),
    counts: () => ({ ...counts }),
    end() {
      ending.abort()
      return done
    },
  }
}
