// Reads all records that a topic holds at the moment, and stops there even if more are appended meanwhile.
import type { Log, LogRecord } from '#kafka/log/port.ts'
import { trackEnds } from './topic-ends.ts'

export interface Reading {
  /** Upper bound of the number of records: offsets without a record, such as transaction markers, are counted too. */
  total: number
  /** Resolves when the last record has been handled. */
  read: (handle: (record: LogRecord) => Promise<void>) => Promise<void>
  /** Can be called before `read` has finished. */
  close: () => Promise<void>
}

/** `inFlight`: maximum number of records handled at once. */
export async function openReading(log: Log, topic: string, inFlight = 100): Promise<Reading> {
  const started = Promise.withResolvers<(record: LogRecord) => Promise<void>>()
  const handling = new Set<Promise<void>>()
  const ends = trackEnds()

  async function handleRecord(record: LogRecord): Promise<void> {
    const handle = await started.promise
    if (ends.includes(record)) await handle(record)
  }

  const consumer = await log.consume({
    topic,
    from: 'earliest',
    inFlight,
    handle(record) {
      const handled = handleRecord(record)
      handling.add(handled)
      return handled.finally(() => handling.delete(handled))
    },
    passed: ends.passed,
  })

  async function read(handle: (record: LogRecord) => Promise<void>): Promise<void> {
    started.resolve(handle)
    await ends.reached
    await Promise.allSettled(handling)
  }

  async function close(): Promise<void> {
    // Without a handler, records already handed out would keep the consumer from closing.
    started.resolve(async () => {})
    ends.close()
    await consumer.close()
  }

  try {
    return { total: await ends.begin(consumer), read, close }
  } catch (error) {
    await close()
    throw error
  }
}
