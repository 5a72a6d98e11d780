// The load under which a fault happens. After its requests it continues slowly until the fault has ended.
import { setTimeout as delay } from 'node:timers/promises'
import { student } from '../../scripts/load/students.ts'
import { type LoadResult, submitAll } from '../../scripts/load/submit.ts'

export interface Load {
  /** Resolves once this number of submissions has been acknowledged. */
  after: (acknowledged: number) => Promise<void>
  counts: () => { sent: number; acknowledged: number }
  /** Ends the load once each user has sent all its requests. */
  end: () => Promise<LoadResult>
}

/** Milliseconds between requests of a user who has sent all of `requests`. */
const slowPace = 1000

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
      await delay(slowPace, undefined, { signal: ending.signal }).catch(() => {})
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
