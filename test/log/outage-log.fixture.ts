// A log in memory that can be away, as seen by a log that spools.
import { setImmediate as turn } from 'node:timers/promises'
import type { KeyedMessage } from '#kafka/binary-mode.ts'
import { type Log, LogUnavailable, TooLarge } from '#kafka/log/port.ts'

export interface OutageLog extends Log {
  /** Ids in the order in which they were stored. */
  stored: string[]
  /** Number of appends that were asked for. */
  asked: number
  /** 'lost answer': stores the event, and fails nevertheless. 'away, unnoticed': fails, and says that it is ready. */
  state: 'works' | 'away' | 'away, unnoticed' | 'lost answer'
  /** Ids of events that it refuses as too large. */
  tooLarge: Set<string>
}

export function outageLog(state: OutageLog['state'] = 'works'): OutageLog {
  const log: OutageLog = {
    stored: [],
    asked: 0,
    state,
    tooLarge: new Set(),
    async append(_topic: string, { headers }: KeyedMessage) {
      const id = headers['ce-id'] as string
      log.asked += 1
      await turn()
      if (log.tooLarge.has(id)) throw new TooLarge(`${id} is too large`)
      if (log.state.startsWith('away')) throw new LogUnavailable('away', { begun: false })
      log.stored.push(id)
      if (log.state === 'lost answer') throw new LogUnavailable('no answer', { begun: true })
    },
    consume: () => Promise.reject(new Error('Expected no consumer')),
    ready: () => log.state === 'works' || log.state === 'away, unnoticed',
    close: async () => {},
  }
  return log
}
