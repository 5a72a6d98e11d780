// Reads all that a topic holds, and ends where it ended when the reading began, however much comes meanwhile.
import type { Log, LogRecord } from '#kafka/log.ts'

export interface Reading {
  /** The records to come. */
  total: number
  /** Resolves after the last record. */
  read: (handle: (record: LogRecord) => Promise<void>) => Promise<void>
  /** Ends it, finished or not. */
  close: () => Promise<void>
}

/** So many records wait for a reader that is slower. */
const inFlight = 100

export async function openReading(log: Log, topic: string): Promise<Reading> {
  const begun = Promise.withResolvers<(record: LogRecord) => Promise<void>>()
  const finished = Promise.withResolvers<void>()
  const consumer = await log.consume({
    topic,
    from: 'earliest',
    inFlight,
    async handle(record) {
      const handle = await begun.promise
      const end = ends.get(record.partition)
      if (end === undefined || record.offset >= end) return
      await handle(record)
      if (record.offset === end - 1) ends.delete(record.partition)
      if (ends.size === 0) finished.resolve()
    },
  })
  const filled = (await consumer.bounds()).filter(({ first, next }) => first < next)
  const ends = new Map(filled.map(({ partition, next }) => [partition, next]))
  if (ends.size === 0) finished.resolve()
  return {
    total: filled.reduce((sum, { first, next }) => sum + next - first, 0),
    read(handle) {
      begun.resolve(handle)
      return finished.promise
    },
    async close() {
      // What waits for the beginning must not hold up the end.
      begun.resolve(async () => {})
      await consumer.close()
    },
  }
}
