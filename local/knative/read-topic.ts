// Reads all that a topic holds, and ends where it ended when the reading began, however much comes meanwhile.
import type { Log, LogRecord } from '#kafka/log/port.ts'
import { toEnds } from './topic-ends.ts'

export interface Reading {
  /** The most records to come: where a log has markers and gaps there are fewer. */
  total: number
  /** Resolves when the last record was handled. */
  read: (handle: (record: LogRecord) => Promise<void>) => Promise<void>
  /** Ends it, finished or not. */
  close: () => Promise<void>
}

/** `inFlight`: so many records at once; those wait for a reader that is slower. */
export async function openReading(log: Log, topic: string, inFlight = 100): Promise<Reading> {
  const begun = Promise.withResolvers<(record: LogRecord) => Promise<void>>()
  const underWay = new Set<Promise<void>>()
  const ends = toEnds()

  async function take(record: LogRecord): Promise<void> {
    const handle = await begun.promise
    if (ends.includes(record)) await handle(record)
  }

  const consumer = await log.consume({
    topic,
    from: 'earliest',
    inFlight,
    handle(record) {
      const taken = take(record)
      underWay.add(taken)
      return taken.finally(() => underWay.delete(taken))
    },
    passed: ends.passed,
  })

  async function read(handle: (record: LogRecord) => Promise<void>): Promise<void> {
    begun.resolve(handle)
    await ends.reached
    await Promise.allSettled(underWay)
  }

  async function close(): Promise<void> {
    // Records that wait for the reading to begin would keep the consumer from closing.
    begun.resolve(async () => {})
    ends.close()
    await consumer.close()
  }

  try {
    const total = await ends.begin(consumer)
    return { total, read, close }
  } catch (error) {
    await close()
    throw error
  }
}
