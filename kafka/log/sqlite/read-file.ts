// Reads the embedded log while no instance owns its file, without changing it.
import { DatabaseSync } from 'node:sqlite'
import type { LogRecord } from '../port.ts'
import { explainSqliteError } from './database.ts'
import { toLogRecord } from './read-record.ts'

/** All records of a topic; one at a time is in memory. Throws if an instance owns the file. */
export function* readLogFile(file: string, topic: string): Generator<LogRecord> {
  try {
    yield* readRecords(file, topic)
  } catch (error) {
    throw explainSqliteError(file, error as Error)
  }
}

function* readRecords(file: string, topic: string): Generator<LogRecord> {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const records = db.prepare(
      'SELECT partition, offset, headers, body FROM record WHERE topic = ? ORDER BY partition, offset',
    )
    for (const { partition, offset, headers, body } of records.iterate(topic)) {
      const place = { partition: Number(partition), offset: Number(offset) }
      yield toLogRecord(topic, { ...place, headers: String(headers), body: String(body) })
    }
  } finally {
    db.close()
  }
}
